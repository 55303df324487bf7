export default function Loading() {
  return (
    <p role="status" className="py-3 text-ink-soft">
      Reading …
    </p>
  );
}
