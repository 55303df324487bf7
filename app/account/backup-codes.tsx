/** Shown once, where they are made. */
export function BackupCodes({ codes }: { codes: string[] }) {
  return (
    <section aria-label="Backup codes" className="grid gap-2 rounded-md border border-line-strong p-4 text-sm">
      <p>
        Keep these codes where only you find them. Each signs you in once without your device. They are shown only now.
      </p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 font-mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </section>
  );
}
