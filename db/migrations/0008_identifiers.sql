-- Patients' identifiers: what stood in a question, kept apart from its text.
SELECT 1;
