/** Common given names of many countries, in lower case and without accents. */
const lists = `
aaron abby abdul abdullah abel abigail abraham ada adam adele adriana adrian agata agnes agnieszka ahmad ahmed aidan aileen aimee aisha akira
alan alana alba albert alberto alec alejandra alejandro alena alessandra alessandro alexander alexandra alexandre alexandros alexei alexis alfie alfonso alfred alfredo ali
alice alicia alina alisha alison alistair allan allen allison alma alvaro amal amanda amara amelia amelie amina amir amit amy ana anastasia anders andre andrea
andreas andrei andres andrew andrzej andy aneta angela angelica angelika angelina angelo angus anil anita anja anjali ann anna annabel anne annette annie anneliese annika anthony antoine
anton antoni antonia antonio antonina anwar archie ariana arjun arman arnold arthur arturo arun asha ashley ashok asif astrid aubrey audrey august aurelia aurora ava axel ayesha aysha ayse
barbara barbora barnaby barry bartosz beata beatrice beatriz becky belinda belle ben benedict benjamin bennett bente bernadette bernard bernd bernhard bert bertha bertram beth bethany betty
beverly beverley bianca birgit bjorn blanca bob bobby bogdan boris bozena brad bradley brandon brenda brendan brent brian bridget brigitte brittany bruce bruno bryan byron
caitlin caitlyn calum camilla camille candice carina carl carla carlo carlos carmela carmen caroline carolyn carrie carsten catalina catarina caterina catherine cathy cecilia cecile
cedric celeste celia celine cesar chandra chantal charlene charles charlie charlotte chelsea chen cheryl chiara chloe chris christa christina christine christoph christophe christopher cindy ciara
claire clara clare clarence clarissa claude claudia claudio claus clemens clifford clive colette colin colleen connie connor conrad constance cora corinne cornelia courtney craig cristian cristina cynthia cyril
daan dagmar daisy damian damien dan dana daniel daniela danielle danny danuta daria dario darius darren david davide dawid deborah debra declan deepak deirdre delia denis denise dennis derek dermot desmond
diana diane diego dieter dilip dimitri dimitris dinesh dirk dmitri dolores dominic dominik dominique donald donna dora doreen doris dorota dorothea dorothy douglas duncan dylan
eamon ebony edgar edith edmund eduardo edward edwin eileen einar elaine eleanor elena eleni elias elif elin elina elisa elisabeth elise eliza elizabeth ella ellen ellie elliot elliott elsa elsie elvira
emil emilia emilie emily emine emma emmanuel emre enrico enrique eric erica erich erik erika erin ernest ernesto ernst esme esperanza estelle esther ethan ethel eugene eugenia eva evan evelyn ewa ewan
fabian fabio fatima fatma federica federico felicia felicity felipe felix ferdinand fernanda fernando fiona filip florian frances francesca francesco francine francis francisca francisco francois franz freda freddie frederic frederick frederik freya friedrich frida fumiko
gabriel gabriela gabriella gabrielle gareth gary gavin gemma genevieve geoffrey george georg georges georgina gerald geraldine gerard gerhard gertrude giacomo gianni gilbert gillian gina giorgio giovanna giovanni gisela giulia giulio giuseppe
gladys glenn gloria gordon graham grazyna greg gregor gregory greta gretchen grzegorz guido guillermo gunnar gunter gurpreet gustav gwen gwendolyn
hamza hana hanna hannah hannelore hanne hans harald harold haroon harpreet harriet harrison harvey hasan hassan hector heidi heike heinrich heinz helen helena helene helga helmut hendrik henri henrik henry herbert herman hermann
hilary hilda hiroshi hiroko horst howard hugh hugo hussein
ian ibrahim ida ignacio igor ilona ilse imran ines inga inge ingeborg ingrid irena irene irina iris irma isaac isabel isabella isabelle ismail istvan ivan ivana ivo izabela
jaana jackie jacob jacqueline jacques jakob jakub jamal james jamie jan jana jane janet janice janine janos jaroslav jasmin jasmine jason javier jayne jeanette jeanne jeff jeffrey jelena jenna jennie jennifer jenny jens jeremiah jeremy jerome jerry jesper jesse jessica jesus jill
jim joan joanna joanne joao joaquin jochen jodie joe joel joelle joerg johan johann johanna johannes john johnny jolanta jonas jonathan joost jorge jose josef josefina joseph josephine joshua joyce jozef juan juana juanita judith judy jules julia julian juliana julie julien juliet julieta juliette julio julius jun jurgen jussi justin justyna
kaisa kamal kamil karel karen karim karin karina karl karla karolina kasia katarina katarzyna kate katerina katharina katherine kathleen kathryn kathy katie katja katrin katrina katrine kayla kazimierz keiko keith kelly kelvin ken kenji kenneth kenny kerry kevin khalid kieran kimberly kirsten kirsty klaus krishna kristen kristian kristin kristina kristine krystyna krzysztof kumar kurt kyle
lakshmi lars latoya laura lauren laurence laurent lawrence layla lea leah leanne leila lena leo leon leonard leonardo leonie leonor leopold leroy leslie lester leticia lewis liam lidia liisa liliana lillian lina linda lindsay lindsey lionel lisa liz lois lola lora lorenzo lorna lorraine lotte louis louisa louise luc luca lucas lucia luciana lucie lucille lucinda lucy ludwig luis luisa lukas lukasz luke luz lydia lynda lynn lynne
mabel maciej madeleine magda magdalena maggie magnus mahmoud maja malcolm malgorzata malik mandy manfred manish manoj manuel manuela marcel marcela marcelo marcin marco marcos marcus marek margaret margarita margit marguerite maria marian mariana marianne marie marija mariko marina mario marion marisa marjorie marko markus marlene marta martha martin martina martine marvin mary maryam masako mateo mateusz mathias mathilde matilda matt matteo matthew matthias matthieu maureen maurice mauricio mauro maxim maximilian maxine megan mehmet mei melanie melinda melissa mercedes meredith mia michael michaela michal michel michele michelle miguel mihai mikael mike mikhail milan mildred milena millie milos mina minna miranda mireille miriam miroslav mitchell mohamed mohammad mohammed moira molly mona monica monika monique morag morgan moritz muhammad muriel mustafa myra myrtle
nadia nadine naima nancy naomi natalia natalie natasha nathalie nathan nathaniel neil nellie nelson nerys neville niall nicholas nick nicola nicolas nicole niels nigel nikolai nikolaj nikos nils nina nisha noah noel noemi noor nora noreen norman nuala nuno
olaf oleg olga oliver olivia olivier omar oscar oskar osama osman otto owen
pablo paddy pamela paola paolo pascal patricia patricio patrick patrik patrycja paul paula pauline paulo pavel pawel pedro peggy penelope per percy perry petar peter petra petros phil philip philipp philippa philippe phillip phoebe phyllis pierre pilar piotr polly pradeep prakash priya priyanka
qasim quentin
rachel radek rafael rafal rahul raj raja rajesh ralph ramon ramona randy raquel rashid raul ravi raymond rebecca reggie regina reinhard rekha renata renate rene rhiannon rhys ricardo richard ricky riitta rita robert roberta roberto rocio roderick rodney rodrigo roger roland rolf roman ron ronald rory rosa rosalind rosanna rosemarie rosie ross rowena roxanne roy rudolf rupert russell ruth ryan ryszard
sabine sabrina said sakura salim sally salma salvatore sam samantha samir samuel sandeep sandra sanjay sara sarah sasha satoshi saul scott sean sebastian selma serena serge sergei sergio seth shannon sharon shaun shauna sheila shirley siegfried sigrid silvia simon simona simone sinead siobhan slawomir sofia sofie sonia sonja sophia sophie soren stacey stanislav stanislaw stanley stefan stefania stefano steffen stella stephan stephanie stephen steve steven stewart stuart sunil sunita susan susana susanna susanne suzanne sven svetlana sylvia sylvie szymon
takashi takeshi tamara tamsin tania tanja tanya tara tariq tatiana tatjana ted teresa terence terri terry tessa thea thelma theo theodore theresa thomas thorsten tiago tiffany tilda tim timothy tina tobias todd tom tomas tomasz tommy toni torsten tracey tracy trevor tristan trudy tuomas tyler tyrone
ulf ulrich ulrike umar ursula usha uwe
vaclav valentina valeria valerie vanessa vera vernon veronica veronika vicente vicky victoria vijay vikram viktor vincent vincenzo virgil vivian vivien viviane vivienne vladimir vojtech volker
waleed walter wanda warren wayne wei wendy werner wesley wilfred wilhelm willem william willie wilma winifred winston wojciech wolfgang
xavier ximena yan yasmin yasmine yolanda yuki yuri yusuf yvette yvonne
zachary zahra zainab zara zbigniew zdenek zoe zofia zoltan zsofia zuzana
aoife niamh caoimhe oisin cillian padraig grainne olu chidi chinedu ngozi adaeze amaka emeka ifeoma kwame kofi ama abena akosua tendai thabo sipho nomsa lindiwe wanjiru njeri kamau otieno achieng
minh linh thi nguyen huong tuan jin ji-woo min-jun hyun xiao ling mei-ling hui fang jing ying feng haruto yui sota aiko emi naoko kenta daiki
soraya farah leyla nasser youssef khadija rania dalia hala huda iman laila samira yasser ziad tamer
sigurlaug gudrun sigurdur olafur halldor ragnar bjarki tove solveig eirik torbjorn ingvild oddvar hakon
kaarina jukka pekka matti tapio eero jari juha mika sanna satu tiina paivi
krisztian miklos gabor laszlo zsuzsanna katalin ildiko eszter tunde attila ferenc
sarka jozef jarmila milos blanka radka marketa vlasta tereza
shane freddy elle fiammetta luiza zizi abelardo bonifacy christoffer joakim lev galina ludmila nadezhda oksana olena taras yulia
mathilda mette kirstine
`;

export const givenNames: ReadonlySet<string> = new Set(lists.split(/\s+/).filter(Boolean));
