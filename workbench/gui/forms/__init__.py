"""Settings as a form: an editor a field, a section a part."""
