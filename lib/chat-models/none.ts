/** No model: answers are put together from quoted sentences. */
export async function open(): Promise<null> {
  return null;
}
