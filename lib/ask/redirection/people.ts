const kinEnglish =
  `baby|babies|infant|newborn|toddler|son|daughter|child|children|kids?|boy|girl|husband|wife|partner|boyfriend|girlfriend|
  fianc[eé]e?|mother|mom|mum|mommy|father|dad|daddy|parents?|brother|sister|grandm(?:a|other)|grandfather|grandpa|granddad|grandson|granddaughter|
  aunt|uncle|nephew|niece|cousin|friend|roommate|flatmate|housemate|neighbou?r|colleague|coworker|co-worker|classmate|dog|cat`.replace(
    /\s+/g,
    "",
  );
const kinSpanish =
  `beb[eé]|reci[eé]n nacid[oa]|hij[oa]s?|niñ[oa]s?|espos[oa]|marido|mujer|pareja|novi[oa]|madre|mam[aá]|padre|pap[aá]|
  herman[oa]|abuel[oa]|niet[oa]|t[ií][oa]|prim[oa]|sobrin[oa]|amig[oa]|vecin[oa]|compañer[oa]`.replace(/\n\s*/g, "");

/** Someone close: "my baby", "my 3-year-old daughter", "our 5 year old", "mi hijo". */
export const kin = `(?:(?:my|our)\\s+(?:\\S+\\s+){0,2}?(?:${kinEnglish}|\\d+[\\s-]*(?:year|month|week|day)s?[\\s-]*old)(?!\\s+patient)|(?:mi|nuestr[oa])\\s+(?:${kinSpanish}))`;
/** The asker, or someone close, as a subject. */
export const asker = `(?:i|i've|i'm|i\\s+think\\s+(?:that\\s+)?i|we|${kin}|yo)`;

/** A clinician's question about a patient is never redirected, whatever else it says. */
const aboutPatient =
  /\bpatients?\b|\bpts?\b|\bpacientes?\b|\b(?:man|woman|male|female|boy|girl|infant|child|adult|neonate)\s+(?:presents?|presenting|presented|admitted|brought)|\b\d+[\s-]*(?:y\/?o|year[\s-]old)\s+(?:man|woman|male|female|boy|girl|[mf]\b)/i;
const isPatientOneself = /\bi(?:'m| am)\s+an?\s+(?:\p{L}+\s+){0,2}patient\b|\bsoy\s+(?:un\s+|una\s+)?paciente\b/iu;

export function speaksOfPatient(question: string): boolean {
  return aboutPatient.test(question) && !isPatientOneself.test(question);
}

/** Straight quotation marks, one space between words. */
export function plainQuestion(question: string): string {
  return question
    .replace(/[’‘`´]/g, "'")
    .replace(/\s+/g, " ")
    .trim();
}

/** Word ends that hold for accented letters, which `\b` does not know. */
export function rule(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}'])(?:${pattern})(?![\\p{L}\\p{N}])`, "iu");
}
