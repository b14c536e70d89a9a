"""What a person starts to deploy a stage: secrets, what is missing, CDK's command line. Refuses to make templates."""
