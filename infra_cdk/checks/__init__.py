"""What must be true of the templates of a stage. Reads CloudFormation's JSON, so that it also sees what CDK adds."""
