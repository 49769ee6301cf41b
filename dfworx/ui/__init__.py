"""What pages share: theme, shell, page(), action(), acting(), components that know no slice."""
