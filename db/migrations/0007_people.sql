-- Invitations and single sign-on of a tenant.
SELECT 1;
