/**
 * The file that keeps the state of a root in its own folder: Terraform takes an override for what the root itself names
 * (developer.hashicorp.com, files/override).
 */
export const LOCAL_BACKEND_FILE = 'backend_override.tf';

export const LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n';
