-- Budgets of a tenant and what is used of them.
SELECT 1;
