/** Common family names of many countries, in lower case and without accents. */
const lists = `
abbott abdi abdullah adams adamson ahmed ahmad akhtar alexander ali allan allen ali alvarez anderson andersson andrews anwar archer armstrong arnold ashton atkins atkinson austin
bailey baker baldwin ball banerjee banks barber barker barlow barnes barnett baron barrett barry bartlett barton bates baxter beck becker begum bell bennett benson bentley bergman berry bhatt bianchi bird bishop blackburn blake bond booth bowen bowman boyd boyle bradley bradshaw brady brennan brewer bridges briggs brooks brown bruce bryant buchanan buckley bull burgess burke burns burton bush butler byrne
cameron campbell carey carlson carpenter carr carroll carson carter casey castillo castro chan chandler chang chapman charles chaudhry chavez chen cheng choi chowdhury christensen christie chua clark clarke clayton clements cohen cole coleman coles collier collins connolly connor conway cook cooke cooper costa cox craig crawford cross cruz cullen cunningham curry curtis
dale dalton daly daniels das davey davidson davies davis dawson day dean delgado desai devlin diaz dickson dixon dobson docherty dodd doherty dolan donaldson donnelly donovan douglas doyle drake dubois duffy duncan dunn dunne duran dyer
eaton edwards eklund elliott ellis ellison erikson eriksson espinoza estrada evans
farrell faulkner fernandes fernandez ferguson ferrari fields findlay fischer fisher fitzgerald fitzpatrick fleming fletcher flores flynn foley forbes ford forster foster fowler fox francis franklin fraser frazier freeman french friedman frost fuller
gallagher gandhi garcia gardiner gardner garner garrett gibbons gibbs gibson gilbert giles gill gilmore glover gomez gonzales gonzalez goodman goodwin gordon gould graham grant gray green greene greenwood gregory griffin griffiths grimes gross guerrero gupta gutierrez guzman
hahn hale hall hamilton hammond hampton hancock hansen hansson hanson harding hardy harper harrington harris harrison hart hartley harvey hassan hawkins hayes haynes healy heath henderson henry hernandez herrera hewitt hicks higgins hill hilton hodge hodges hoffman hoffmann hogan holland holloway holmes holt hooper hopkins horton houghton howard howarth howe howell hubbard hudson hughes hull humphries hunt hunter huang hurst hussain hussein hutchinson
iqbal ibrahim ingram ivanov ivanova islam
jackson jacobs jacobsen jacobson james janssen jansson jarvis jenkins jennings jensen jimenez johansen johansson johnson johnston jones jordan joseph joshi joyce juarez
kane kapoor karlsson kaur kay keane keller kelley kelly kemp kennedy kent kerr khan kim king kirby kirk klein knight knowles koch kovacs kowalski kowalczyk kozlov kruger kumar kurtz
lam lamb lambert lane lang larsen larson larsson law lawrence lawson leach lee lehmann leonard leung levy lewis li lim lin lindberg lindqvist little liu lloyd logan long lopez love lowe lucas lynch lyons
mahmood mackay mackenzie maclean macdonald macleod mahmood mahoney malik malone manning marsh marshall martin martinez martins mason massey matthews maxwell may mcallister mccarthy mccormick mcdonald mcgrath mcgregor mcintyre mckay mckenna mckenzie mclean mcmahon mcnally mehta mendez mendoza meyer michaels middleton miles miller mills mistry mitchell mohamed molina montgomery moody moore morales moran moreno morgan morris morrison morton moss mueller muller mukherjee munoz munro murphy murray myers
nair nash naylor neal nelson newman newton nguyen nicholls nichols nicholson nielsen nilsson nixon noble nolan norman norris norton novak nowak nunez
o'brien o'connell o'connor o'donnell o'hara o'leary o'neill o'reilly o'sullivan obrien oconnor oneill okafor okeke okonkwo oliver olsen olson olsson ortega ortiz osborne owens
pace page palmer park parker parkes parkin parry parsons patel paterson patterson payne pearce pearson pedersen pena perez perkins perry persson peters petersen peterson petrov pham phillips pierce pike pollard poole popov porter potter powell power preston price pritchard pugh
quinn qureshi
rahman ramirez ramos ramsey randall rao raymond reddy reed rees reeves reid reilly reyes reynolds rhodes ricci rice richards richardson richter riley rios ritchie rivera roberts robertson robinson robson rodgers rodrigues rodriguez rogers romano romero rose ross rossi rowe rowland roy ruiz rush russell russo ryan
salazar salinas sanchez sanders sanderson sandoval santiago santos sato saunders savage schmid schmidt schmitt schneider schofield schroeder schultz schulz schwartz schwarz scott sharma sharp sharpe shaw shah shepherd sheridan short silva simmons simpson sims sinclair singh skinner slater sloan smart smith snyder soto sousa souza sparks spencer stanley steele stephens stephenson stevens stevenson stewart stokes stone strickland stuart sullivan summers sutherland sutton suzuki svensson swanson sweeney
takahashi tan tanaka tate taylor thapa thomas thompson thomson thornton todd torres townsend tran tucker turnbull turner tyler
underwood
valdez vargas vasquez vaughn vazquez vega velasquez vincent virtanen
wade wagner walker wallace walsh walters walton wang ward warner warren washington watanabe waters watkins watson watt watts weaver webb weber webster welch wells west wheeler white whitehead wilkins wilkinson williams williamson willis wilson winter wolf wolfe wong wood woods woodward wright wu
xu yamamoto yang yates yeung york young yusuf zhang zhao zhou zhu zimmerman
nkosi dlamini mbeki mokoena ndlovu adeyemi adebayo balogun eze nwosu mensah boateng owusu asante kariuki mwangi odhiambo
al-hassan al-rashid el-sayed haddad khoury mansour nasser saleh shaheen
ito kobayashi nakamura kato yoshida yamada sasaki park choi jung kang cho yoon
papadopoulos georgiou nikolaidis demir yilmaz kaya celik sahin ozturk
wisniewski wojcik kaminski lewandowski zielinski szymanski wozniak dabrowski
novotny svoboda dvorak horvat nagy szabo toth kiss horvath popescu ionescu
`;

export const familyNames: ReadonlySet<string> = new Set(lists.split(/\s+/).filter(Boolean));

/** Endings that family names have and words of medicine do not. */
export const familyEnding =
  /(?:[a-z]ová|[a-z]ovic|[a-z]ović|[a-z]ič|[a-z]ić|owski|ewski|inski|iński|owska|ewska|wicz|czyk|sson|dóttir|dottir|enko|chuk|shvili|opoulos|idis|akis|escu|oğlu|quist|qvist|gaard|[aeiou]nen|ovich|evich|yevna|ovna)$/iu;
