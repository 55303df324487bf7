-- Second factors, passkeys and what else signing in needs.
SELECT 1;
