import { describe, expect, test } from "vitest";
import { redirectionAfterSearch, redirectionOf } from "./index.ts";

const emergencies = `I took 30 paracetamol
I just took 30 paracetamol tablets, what should I do?
I have taken 20 ibuprofen pills
I've swallowed a whole bottle of aspirin
I took too many sleeping pills
I think I overdosed on my insulin
I accidentally took a double dose of my warfarin
I drank bleach by accident
My son swallowed a button battery
My 3-year-old daughter ate rat poison
My toddler drank some drain cleaner, help
My wife took a handful of pills
She took a whole bottle of Tylenol
He swallowed a battery
I have a 2-year-old who just swallowed magnets
I took 20 g of paracetamol an hour ago
I was bitten by a snake
my chest hurts and my arm is numb
My chest hurts
I have crushing chest pain
I'm having chest pain and sweating
I have had chest pain since this morning and my left arm is tingling
I feel a pressure on my chest
My husband has severe chest pain
my baby is not breathing
My baby isn't breathing!
My newborn stopped breathing
He is not breathing
Someone is choking next to me
My mother is unconscious
My dad just collapsed
My friend won't wake up
My daughter is having a seizure right now
I can't breathe
I cannot breathe and my throat is closing
My throat is swelling after eating peanuts
I think I'm having a heart attack
I think my husband is having a stroke
I'm having a stroke
My face is drooping and I can't speak
My wife's face is drooping and she cannot speak right now
My father's speech is suddenly slurred
My son suddenly can't move his left arm
The left side of my face is numb
I have the worst headache of my life
I'm vomiting blood
I am bleeding heavily and pregnant
I have trouble breathing
I want to kill myself
I want to die
I am thinking of ending my life
I don't want to live anymore
I feel suicidal
I keep cutting myself
My friend wants to kill himself
My daughter is suicidal
How many paracetamol do I need to die?
What is the most painless way to die
how can I kill myself
Me duele el pecho y tengo el brazo dormido
Tengo un dolor fuerte en el pecho
No puedo respirar
Mi bebé no respira
Mi hijo se tragó una pila
Tomé 30 pastillas de paracetamol
He tomado demasiadas pastillas
Me tomé todo el frasco de aspirinas
Quiero morir
Quiero suicidarme
No quiero vivir más
Mi madre está inconsciente
Mi hija está convulsionando
Creo que estoy teniendo un infarto`.split("\n");

const personal = `Do I have cancer?
do i have diabetes
Could I have lupus?
Have I got appendicitis?
Am I pregnant?
Am I diabetic if my sugar is 130?
What is this rash on my arm?
What's this lump in my neck?
What is the red spot on my son's leg... I mean what is this spot on my leg?
What is wrong with me?
What's wrong with my knee?
What disease do I have?
What do I have?
Diagnose me please
What do my symptoms mean?
What do my blood test results mean?
Does this mean I have leukemia?
Is this mole cancerous?
Is my mole melanoma?
Is the lump in my breast cancer?
Why do I feel dizzy all the time?
Why am I so tired?
Why does my back hurt?
Why are my feet swollen?
I have a headache and a fever, what do I have?
I have had a cough for three weeks, is it serious?
There is a lump on my neck, could it be cancer?
My knee is swollen and red. Is it gout?
Does my son have autism?
Does my mother have dementia?
Could my baby have measles?
Should I be worried about my headaches?
¿Tengo cáncer?
¿Qué enfermedad tengo?
¿Qué tengo?
¿Qué es esta mancha en mi brazo?
¿Estoy embarazada?
¿Por qué me duele la cabeza?
¿Qué me pasa?`.split("\n");

const answered = `65-year-old with crushing chest pain, first-line treatment?
A 65-year-old man with crushing chest pain: first-line treatment?
management of paracetamol overdose
My patient took 30 paracetamol tablets, when do I start acetylcysteine?
My patient is having chest pain, which troponin cut-off applies?
My patient is not breathing well after morphine, naloxone dose?
Patient is unconscious after an insulin overdose, glucose dose?
In a patient who says "I want to die", which risk scale is validated?
I have a 70-year-old woman with chest pain and a normal ECG, next step?
I have a 65-year-old with acute stroke; alteplase window?
Treatment of anaphylaxis in adults
Adrenaline dose for anaphylaxis in a child
What is the dose of naloxone in opioid overdose?
How is a button battery ingestion managed in children?
Child swallowed bleach: management?
Risk factors for suicide in adolescents
Do SSRIs increase suicidal ideation in young adults?
Screening for suicidal ideation in primary care
What are the warning signs of suicide?
Can fluoxetine cause suicidal thoughts?
What is the lethal dose of paracetamol?
What should I do if someone is choking?
How do you treat a child who is not breathing?
What are symptoms of gout?
should I take aspirin with ibuprofen?
Can I drink alcohol with metronidazole?
Do I have to take levothyroxine on an empty stomach?
Do I have a higher risk of stroke with atrial fibrillation?
Do I need a vaccine before travelling?
How do I know if I have gout?
How can I tell if I have diabetes?
What should I do if I have a fever?
I have diabetes, can I take ibuprofen?
I had a heart attack last year, should I take aspirin?
I took antibiotics for 10 days, can I drink alcohol?
I took 500 mg of paracetamol, when can I take the next dose?
I took 2 ibuprofen; can I take paracetamol too?
I have taken metformin for 20 years, does it lower vitamin B12?
I have asthma; which inhaler is used first?
My mother has dementia. Which drugs help?
My child has asthma, is montelukast safe?
My doctor prescribed warfarin, what food should I avoid?
My father had a stroke in 2019; does aspirin prevent another?
What causes chest pain?
Can anxiety cause chest pain?
When is chest pain an emergency?
What are the signs of a heart attack?
What are the signs of a stroke?
How is a seizure treated?
Why does metformin cause diarrhoea?
What is the rash of Lyme disease like?
What is this drug used for: apixaban?
What does a high TSH mean?
What do troponin levels show?
Is a mole cancerous when it bleeds?
Is melanoma serious?
Am I allowed to take warfarin in pregnancy?
Are antibiotics useful in bronchitis?
Which patients need warfarin?
Do patients with type 2 diabetes have cancer more often?
Could metformin have a role in cancer?
What condition do patients with high potassium have?
When should apixaban be reduced to 2.5 mg twice daily?
Does vitamin E prevent stroke?
Paracetamol overdose: nomogram
Emergency contraception: how late?
Heart attack
Chest pain differential diagnosis
Is ibuprofen safe in pregnancy?
What is the target INR?
Does my patient need bridging?
I am a nurse: how fast may potassium be given?
We admitted a man with acute severe asthma; magnesium dose?
Can you die of pneumonia?
How long do people live with heart failure?
When should I start insulin?
How do I dose vancomycin?
What dose should I give?
Which drugs can I combine with lithium?
Does the patient have sepsis by these criteria?
¿Cuáles son los síntomas de la gota?
¿Puedo tomar aspirina con ibuprofeno?
¿Qué es la diabetes?
Paciente de 65 años con dolor en el pecho, ¿tratamiento?
Tratamiento de la intoxicación por paracetamol
Tengo diabetes, ¿puedo tomar ibuprofeno?
¿Cómo sé si tengo gota?
¿Qué causa el dolor en el pecho?
¿Tengo que tomar la metformina con comida?
¿Cuándo hay que ir a urgencias por dolor de pecho?`.split("\n");

const outside = `What is the capital of Brazil?
Explain the theory of relativity.
Who wrote the play 'Romeo and Juliet'?
How do solar panels work?
What are the main causes of the First World War?
Provide a poem about a tranquil evening by the sea.
Write a short story based on a detective chasing a notorious thief.
How do I solve quadratic equations?
Break down the plot of 'The Great Gatsby'.
Translate the following sentence to French: 'Hello, how are you?'
How do you say 'peace and love' in Russian?
Can you show me a simple Python function to calculate the factorial of a number?
What is the difference between '==' and '===' in JavaScript?
Who won the World Cup in 2018?
What will the weather be like tomorrow?
Tell me a joke
Should I buy bitcoin?
¿Cuál es la capital de Francia?
Escríbeme un poema sobre el mar`.split("\n");

const inside = `Does the weather affect asthma?
What is the capital cost of dialysis?
Is there a Python package for eGFR?
Does climate change increase malaria?
Write an email to a patient about statins
What is the recipe for oral rehydration solution?
Translate HbA1c from percent to mmol/mol
Are dinosaurs related to zolpidem?
Does chess prevent dementia?
Which movies trigger photosensitive epilepsy?
Is quantum dot contrast toxic to kidneys?
What is the effect of Tai Chi on balance?
qwerty uiop
Which drug is best?
¿Qué tiempo hay que esperar tras la vacuna?`.split("\n");

test("the tables are large enough to mean something", () => {
  expect(emergencies.length + personal.length + answered.length + outside.length + inside.length).toBeGreaterThan(200);
});

describe("an emergency of the asker or someone close is told where help is", () => {
  test.each(emergencies)("%s", (question) => {
    const redirection = redirectionOf(question);
    expect(redirection?.kind).toBe("emergency");
    expect(redirection?.text).toMatch(/112/);
  });
  test.each([
    ["I took 30 paracetamol", /poison centre.*1-800-222-1222/s],
    ["I want to die", /988.*116 123/s],
    ["my baby is not breathing", /emergency number/],
    ["Quiero morir", /024/],
    ["Tomé 30 pastillas de paracetamol", /toxicología/],
    ["Mi bebé no respira", /número de emergencias/],
  ])("“%s” in the asker's language, with the help that fits", (question, text) => {
    expect(redirectionOf(question)?.text).toMatch(text);
  });
});

describe("a diagnosis of oneself is not made", () => {
  test.each(personal)("%s", (question) => {
    expect(redirectionOf(question)?.kind).toBe("personal");
  });
});

describe("a clinician's or a general question is answered", () => {
  test.each(answered)("%s", (question) => {
    expect(redirectionOf(question)).toBeNull();
    expect(redirectionAfterSearch(question)).toBeNull();
  });
});

describe("what is plainly not medical is said to be so once nothing was found", () => {
  test.each(outside)("%s", (question) => {
    expect(redirectionOf(question)).toBeNull();
    expect(redirectionAfterSearch(question)?.kind).toBe("not_medical");
  });
  test.each(inside)("but not when health may be meant: %s", (question) => {
    expect(redirectionOf(question)).toBeNull();
    expect(redirectionAfterSearch(question)).toBeNull();
  });
});

test.each(["Hello", "thanks!", "Hola", "who are you?", "help"])("“%s” is no question yet", (question) => {
  expect(redirectionOf(question)?.kind).toBe("unclear");
});

test("takes linear time on a long question", () => {
  const begin = process.cpuUsage().user;
  redirectionOf("I have my i my chest the ".repeat(80));
  redirectionAfterSearch("write a ".repeat(250));
  expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(1_000);
});
