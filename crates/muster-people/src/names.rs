//! The lists that people are put together from.
//!
//! A login is folded from a name, so no two names of a list may fold to the same letters. A change to a list
//! changes everybody who was ever generated, so a list is changed only with a word in the release notes.

/// First names.
#[rustfmt::skip]
pub(crate) const FIRST: &[&str] = &[
    "Aaliyah", "Abdul", "Adaeze", "Ágnes", "Aïcha", "Aiko", "Åke", "Alejandro", "Alice", "Amélie",
    "Amina", "Anaïs", "Ananya", "Anders", "André", "Aneta", "Ángel", "Anh", "Anna-Lena", "Antônio",
    "Aoife", "Arjun", "Arūnas", "Asha", "Astrid", "Ayşe", "Azadeh", "Béla", "Benedikt", "Bian", "Bjørn",
    "Bogdan", "Boris", "Bożena", "Brita", "Camille", "Carlos", "Caitlín", "Çağla", "Célia", "Chiara",
    "Chidi", "Chloé", "Christoph", "Ciarán", "Clara", "Cosima", "Dagný", "Dalia", "Damien", "Danièle",
    "Daria", "David", "Deepika", "Désirée", "Diego", "Đorđe", "Dúnja", "Ebba", "Edoardo", "Eilidh",
    "Élodie", "Elif", "Emeka", "Emil", "Emma", "Enzo", "Erzsébet", "Esther", "Eun-ji", "Eva-Maria",
    "Farah", "Fatima", "Félix", "Fergus", "Fiona", "Françoise", "Franz", "Freya", "Gabriela", "Georgios",
    "Gérard", "Giulia", "Gizem", "Gökhan", "Grace", "Gregor", "Guðrún", "Gustav", "Håkon", "Hana",
    "Hans-Peter", "Haruto", "Heloísa", "Henrik", "Hugo", "Hyun-woo", "Ibrahim", "Ifeoma", "Ilse", "Imani",
    "Inês", "Ingrid", "Ioana", "Irène", "Isaac", "Işıl", "Iván", "Jaak", "Jamal", "Jan", "Jean-Luc",
    "Jelena", "Jesús", "Jiří", "Joanna", "Jörg", "José", "João", "Jun", "Jürgen", "Justyna", "Kaito",
    "Karolína", "Katarzyna", "Kateřina", "Kemal", "Khadija", "Kirsten", "Kofi", "Kwame", "Lars", "Laszlo",
    "Lauma", "Léa", "Leila", "Leonardo", "Lionel", "Ludmila", "Łukasz", "Lucía", "Madeleine", "Magnus",
    "Maël", "Małgorzata", "Mandla", "Marek", "María-José", "Mathéo", "Mehmet", "Mei-Ling", "Mercédès",
    "Michał", "Milan", "Miloš", "Mohammed", "Moïse", "Müge", "Nadia", "Naoko", "Ndidi", "Nguyệt", "Niamh",
    "Nicolás", "Nikolina", "Noémie", "Nuno", "Odile", "Oisín", "Olga", "Oluwaseun", "Ömer", "Óscar",
    "Ousmane", "Øyvind", "Paula", "Pelle", "Pénélope", "Petra", "Phuong", "Piotr", "Pooja", "Priya",
    "Rafał", "Raúl", "Renée", "Ravi", "Rhiannon", "Róisín", "Rosa", "Ruben", "Sabine", "Saoirse",
    "Sébastien", "Seren", "Siobhán", "Sinéad", "Sofía", "Søren", "Stéphane", "Sunita", "Szymon",
    "Tadeusz", "Tamsin", "Tendai", "Teréz", "Théo", "Thomas", "Tomáš", "Tove", "Tuğba", "Ulrike", "Uma",
    "Ursula", "Vasile", "Věra", "Vida", "Viktor", "Vinícius", "Wanjiru", "Wei", "Wiebke", "Wojciech",
    "Xavier", "Ximena", "Yaw", "Yasmin", "Yusuf", "Yvonne", "Zainab", "Zdeněk", "Zoë", "Żaneta", "Zsófia",
];

/// Last names.
#[rustfmt::skip]
pub(crate) const LAST: &[&str] = &[
    "Abdullah", "Achebe", "Adeyemi", "Agnelli", "Åkesson", "Albrecht", "Almeida", "Álvarez", "Andersen",
    "Andrić", "Antonescu", "Aoki", "Arnarson", "Aydın", "Azevedo", "Bachmann", "Bąk", "Balogun",
    "Banerjee", "Baştürk", "Bauer", "Beaumont", "Bélanger", "Benítez", "Berglund", "Bianchi", "Bielski",
    "Björk", "Błaszczyk", "Böhm", "Bonnaire", "Bouchard", "Brâncuși", "Brandt", "Brennan", "Březina",
    "Brown", "Bruun", "Byrne", "Cabral", "Çelik", "Černý", "Chandrasekaran", "Chen", "Chevalier",
    "Chukwu", "Cieślak", "Clarke", "Conceição", "Contreras", "Côté", "Cullen", "Czerwiński", "D'Angelo",
    "D'Souza", "Da Silva", "Dąbrowski", "Dahl", "Davies-Jones", "De Vries", "de la Cruz", "Delacroix",
    "Demir", "Desai", "Diallo", "Dijkstra", "Đặng", "Đorđević", "Doğan", "Domínguez", "Dubois", "Dvořák",
    "Eberhardt", "Eide", "Ekström", "El-Amin", "Eriksen", "Erdoğdu", "Escobar", "Espíndola", "Evans",
    "Fabre", "Farkaš", "Faure", "Fernández", "Ferreira", "Fischer", "Fitzgerald", "Flórez", "Forsström",
    "Fournier", "Friðriksson", "Fujita", "Gagné", "Gallagher", "García", "García Márquez", "Gauthier",
    "Giménez-Soler", "Goldstein", "Gómez", "Gonçalves", "Grabowska", "Grönholm", "Große", "Gruber",
    "Guðmundsson", "Gupta", "Gutiérrez", "Haddad", "Hájek", "Håkansson", "Halvorsen", "Hansen",
    "Härkönen", "Hashimoto", "Hernández", "Herrmann", "Hidalgo", "Hoffmann", "Holm", "Horváth", "Hrubý",
    "Huang", "Huszár", "Hüseyinoğlu", "Ibáñez", "Ibrahimović", "Inoue", "Ionescu", "Ito", "Iversen",
    "Jäger", "Jankowski", "Jansen", "Jiménez", "Johansson", "Jónsdóttir", "Jørgensen", "Jung",
    "Kaczmarek", "Kamau", "Kaplan", "Kaya", "Keïta", "Kelly", "Khan", "Kılıç", "Kim", "Kjær",
    "Klein-Schmidt", "Kobayashi", "Kovačević", "Kowalczyk", "Köhler", "Králová", "Krishnamurthy",
    "Krüger", "Kučera", "Kuznetsov", "Lachance", "Larsen", "Laurent", "Lê", "Lefèvre", "Lehtonen",
    "Leitão", "Lévesque", "Lewandowski", "Lindqvist", "Løvås", "López", "López-Herrera", "Lund",
    "MacDonald", "Magalhães", "Mahlangu", "Maier", "Marić", "Markussen", "Martínez", "Mbeki",
    "McAllister", "Mehta", "Meißner", "Mendonça", "Mészáros", "Michaud", "Mihăilescu", "Mokoena",
    "Møller", "Moreau", "Moretti", "Müller", "Muñoz", "Murakami", "Mwangi", "Nagy", "Nakamura",
    "Navrátil", "Németh", "Ngô", "Nguyễn", "Nielsen", "Ní Bhriain", "Noël", "Novák", "Nowak", "Núñez",
    "Nwosu", "Nyström", "O'Brien", "O'Connor", "Obi", "Øvergaard", "Okafor", "Okonkwo", "Oliveira",
    "Olsen", "Ó Súilleabháin", "Osei", "Otieno", "Öztürk", "Pálsdóttir", "Papadopoulos", "Park", "Patel",
    "Pažout", "Pérez", "Peña", "Petit", "Petrović", "Pham", "Piątek", "Pires", "Popescu", "Poulsen",
    "Procházka", "Quintero", "Raghunathan", "Ramírez", "Rasmussen", "Rautio", "Řehoř", "Reid",
    "Rey-Castro", "Ribeiro", "Richter", "Rodríguez", "Rønning", "Rossi", "Roux", "Ruiz", "Rybář",
    "Sæther", "Şahin", "Saint-Pierre", "Salazar", "Sánchez", "Santos", "Sato", "Schäfer", "Schneider",
    "Schröder", "Schütz", "Şen", "Seppälä", "Sharma", "Šimek", "Singh", "Sjöberg", "Škoda", "Smith",
    "Sørensen", "Sousa", "Stępień", "Stoica", "Strauß", "Sundström", "Svoboda", "Szabó", "Szczepański",
    "Takahashi", "Tamm", "Tanaka", "Tessier", "Thériault", "Thorsen", "Torres", "Trần", "Tremblay",
    "Tóth", "Ueda", "Ulrich", "Urbánek", "Üçgül", "Vaitkus", "Valdés", "van den Berg", "van Dijk",
    "Vasquez", "Végh", "Vesterlund", "Vieira", "Villeneuve", "Virtanen", "Võ", "Volkov", "von Ahlen",
    "Vrânceanu", "Vuković", "Wagner", "Walczak", "Wang", "Weiß", "Wiśniewski", "Wójcik", "Yamamoto",
    "Yáñez", "Yılmaz", "Zając", "Zapata", "Žukauskas", "Zhang", "Ziegler", "Zielińska", "Zúñiga",
];

/// Cities.
#[rustfmt::skip]
pub(crate) const CITIES: &[&str] = &[
    "Aarhus", "Antwerpen", "Barcelona", "Bengaluru", "Bogotá", "Brno", "Bruxelles", "București",
    "Cape Town", "Cluj-Napoca", "Córdoba", "Cork", "Dar es Salaam", "Dublin", "Edinburgh", "Genève",
    "Göteborg", "Gdańsk", "Hà Nội", "Helsinki", "İzmir", "København", "Köln", "Kraków", "Kyoto", "Lagos",
    "León", "Lisboa", "Łódź", "Lyon", "Malmö", "Melbourne", "Montréal", "München", "Nairobi", "Oslo",
    "Plzeň", "Porto", "Québec", "Reykjavík", "São Paulo", "St. John's", "Tallinn", "Toronto", "Tromsø",
    "Utrecht", "Valparaíso", "Wrocław", "Zürich", "Århus N",
];

/// Departments.
#[rustfmt::skip]
pub(crate) const DEPARTMENTS: &[&str] = &[
    "Engineering", "Sales", "Customer Support", "Finance", "People & Culture", "Legal", "Marketing",
    "Research", "Operations", "Facilities", "Procurement", "Information Security",
];

/// Titles.
#[rustfmt::skip]
pub(crate) const TITLES: &[&str] = &[
    "Account Executive", "Analyst", "Architect", "Buyer", "Controller", "Counsel", "Director, Operations",
    "Engineer", "Lead Engineer", "Manager", "Office Manager", "Paralegal", "Product Manager", "Recruiter",
    "Researcher", "Senior Engineer", "Specialist", "Support Agent", "Team Lead", "Technician",
    "Vice President, \"Special Projects\"",
];
