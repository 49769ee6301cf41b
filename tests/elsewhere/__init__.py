"""Other databases than the embedded one: Supabase's shape, a transaction pooler, other versions of Postgres."""
