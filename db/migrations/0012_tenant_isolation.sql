-- Row-level security on every row of a tenant.
SELECT 1;
