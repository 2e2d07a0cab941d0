"""What surrounds the deployed functions: the command line, packaging, deployment, and the product on one machine."""
