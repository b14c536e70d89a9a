"""The CDK app: everything this runs on in AWS, made from `functions/catalogue/`. It imports nothing else of ours."""
