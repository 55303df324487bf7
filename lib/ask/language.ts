const signs = /[¿¡ñ]/i;
const words =
  /(?<!\p{L})(?:el|la|los|las|qué|que|cómo|cuál|cuáles|cuándo|dónde|por|para|una|del|está|debe|puedo|puede|estoy|tengo|tomé|quiero|hijo|hija|bebé|madre|padre|mamá|papá|marido|esposa|hermano|hermana|pastillas|pecho|cabeza|respira|respirar|ayuda|dolor|duele|dosis|síntomas|tratamiento|de|y|con|en|hay|soy|se)(?!\p{L})/giu;
/** Spanish too, but also an abbreviation or a word of English: MI, no, me, he, son. */
const ambiguous = /(?<!\p{L})(?:mi|mis|me|no|he|ha|es|son)(?!\p{L})/giu;

/** Whether a question is asked in Spanish: then Spanish stems are looked up too, and replies are in Spanish. */
export function isSpanish(text: string): boolean {
  if (signs.test(text)) return true;
  const sure = text.match(words)?.length ?? 0;
  const perhaps = text.match(ambiguous)?.length ?? 0;
  return sure > 0 && (sure + perhaps) * 3 >= text.split(/\s+/).length;
}
