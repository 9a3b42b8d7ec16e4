"""What an attacker could find out from a release, tried before it is written."""
