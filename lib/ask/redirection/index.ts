import type { Redirection } from "../../domain.ts";
import { isSpanish } from "../language.ts";
import { type Emergency, emergencyOf } from "./emergency.ts";
import { isOutsideMedicine } from "./outside.ts";
import { asksOwnDiagnosis } from "./personal.ts";

interface Wording {
  title: string;
  text: string;
}

const english: Record<Emergency | "personal" | "not_medical" | "unclear", Wording> = {
  suicide: {
    title: "You are not alone: please reach someone now",
    text: "If you or someone near you may be in danger, call your local emergency number now (112 in Europe, 999 in the UK, 911 in the US and Canada). You can talk to somebody at any hour: 988 in the US and Canada, 116 123 in the UK and Ireland, 024 in Spain, or the crisis line of your country. Stay with somebody, and keep away from anything you could hurt yourself with. This program only quotes documents and cannot help in a crisis.",
  },
  poisoning: {
    title: "This may be a poisoning: get help now",
    text: "Call your local emergency number now if anybody is drowsy, has trouble breathing, has a seizure or has collapsed (112 in Europe, 999 in the UK, 911 in the US and Canada). Otherwise call a poison centre at once, even without symptoms: 1-800-222-1222 in the US, 111 in the UK, 91 562 04 20 in Spain, or the one of your country. Have the package at hand. Do not make anybody vomit and do not wait for symptoms. If it was taken on purpose, a crisis line helps too (988 in the US and Canada, 116 123 in the UK and Ireland, 024 in Spain). This program only quotes documents and cannot judge an emergency.",
  },
  danger: {
    title: "This may be an emergency: call for help now",
    text: "Call your local emergency number now (112 in Europe, 999 in the UK, 911 in the US and Canada) and say what is happening; the person on the line will tell you what to do until help comes. Do not drive yourself to hospital and do not stay alone. This program only quotes documents and cannot judge an emergency. If you are a clinician asking about a patient, say so in the question.",
  },
  personal: {
    title: "Nobody can diagnose you from documents",
    text: "What you have can only be found out by somebody who can examine you: please ask a doctor, nurse or pharmacist, and call your local emergency number if it is severe, sudden or getting worse quickly. What is written about a condition can be asked here, for example “What are the symptoms of gout?” or “When does a mole need to be examined?”.",
  },
  not_medical: {
    title: "This is not a medical question",
    text: "Nothing near it stands in the searched collections, which hold medical literature, guidelines, drug labels and health topics. Ask about a disease, a treatment, a drug, a test or a finding.",
  },
  unclear: {
    title: "What would you like to know?",
    text: "Ask a question about a disease, a treatment, a drug, a test or a finding, for example “When is metformin stopped in kidney disease?”. Every sentence of the answer will open its source.",
  },
};

const spanish: typeof english = {
  suicide: {
    title: "No está solo: por favor hable con alguien ahora",
    text: "Si usted o alguien cercano puede estar en peligro, llame ahora al número de emergencias de su país (112 en Europa, 911 en gran parte de América). Puede hablar con alguien a cualquier hora: 024 en España, 988 en los Estados Unidos, o la línea de crisis de su país. Quédese con alguien y aléjese de aquello con lo que podría hacerse daño. Este programa solo cita documentos y no puede ayudar en una crisis.",
  },
  poisoning: {
    title: "Puede ser una intoxicación: pida ayuda ahora",
    text: "Llame ahora al número de emergencias (112 en Europa, 911 en gran parte de América) si alguien está somnoliento, respira mal, convulsiona o se ha desplomado. Si no, llame enseguida a un centro de toxicología, aun sin síntomas: 91 562 04 20 en España, 1-800-222-1222 en los Estados Unidos, o el de su país. Tenga el envase a mano. No provoque el vómito ni espere a que haya síntomas. Si fue a propósito, llame también a una línea de crisis (024 en España, 988 en los Estados Unidos). Este programa solo cita documentos y no puede valorar una emergencia.",
  },
  danger: {
    title: "Puede ser una emergencia: pida ayuda ahora",
    text: "Llame ahora al número de emergencias de su país (112 en Europa, 911 en gran parte de América) y diga qué ocurre; le dirán qué hacer hasta que llegue la ayuda. No conduzca al hospital ni se quede solo. Este programa solo cita documentos y no puede valorar una emergencia. Si es clínico y pregunta por un paciente, dígalo en la pregunta.",
  },
  personal: {
    title: "Nadie puede diagnosticarle a partir de documentos",
    text: "Lo que usted tiene solo puede averiguarlo quien le examine: consulte a un médico, una enfermera o un farmacéutico, y llame al número de emergencias si es grave, repentino o empeora deprisa. Aquí puede preguntar lo que está escrito sobre una enfermedad, por ejemplo «¿Cuáles son los síntomas de la gota?».",
  },
  not_medical: {
    title: "No es una pregunta de medicina",
    text: "No hay nada parecido en las colecciones consultadas, que contienen literatura médica, guías, fichas de medicamentos y temas de salud. Pregunte por una enfermedad, un tratamiento, un medicamento, una prueba o un hallazgo.",
  },
  unclear: {
    title: "¿Qué desea saber?",
    text: "Haga una pregunta sobre una enfermedad, un tratamiento, un medicamento, una prueba o un hallazgo, por ejemplo «¿Cuándo se suspende la metformina en la enfermedad renal?». Cada frase de la respuesta abrirá su fuente.",
  },
};

const noQuestion =
  /^[\s¡¿]*(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?|thank you(?: so| very) much|ok(?:ay)?|bye|goodbye|test(?:ing)?|help|who are you|what are you|what can you do|how are you|hola|buenos días|buenas (?:tardes|noches)|gracias|adiós|ayuda|quién eres)(?:[\s,!.?]+(?:there|doctor|all|everybody|you))*[\s!.?]*$/iu;

/**
 * What a question gets that no passage should answer, before anything is searched; null for all others. A clinician's
 * question about a patient and a general one about health are never redirected.
 */
export function redirectionOf(question: string): Redirection | null {
  const emergency = emergencyOf(question);
  if (emergency) return { kind: "emergency", ...wordingOf(question)[emergency] };
  if (asksOwnDiagnosis(question)) return { kind: "personal", ...wordingOf(question).personal };
  return noQuestion.test(question) ? { kind: "unclear", ...wordingOf(question).unclear } : null;
}

/** The same for what is plainly not about medicine, once the search found nothing near. */
export function redirectionAfterSearch(question: string): Redirection | null {
  return isOutsideMedicine(question) ? { kind: "not_medical", ...wordingOf(question).not_medical } : null;
}

function wordingOf(question: string): typeof english {
  return isSpanish(question) ? spanish : english;
}
