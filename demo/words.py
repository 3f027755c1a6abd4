"""Names and words that the threads are filled with."""

COLLEAGUES = {
    "cs": ("Tereza Hronová", "Vít Matějka", "Michaela Zídková", "Robert Pechar", "Natálie Skálová", "Dominik Urbánek",
           "Kateřina Vávrová", "Štěpán Moudrý", "Lada Kučerová", "Erik Novák"),
    "sk": ("Lucia Oravcová", "Tomáš Hronský", "Martina Bieliková"),
    "en": ("Oliver Shaw", "Freja Nyström", "Grace Whitfield"),
}
STRANGERS = (
    ("Zdeněk Mach", "zdenek.mach@posta.example"), ("Jiřina Tesařová", "jirina.tesarova@posta.example"),
    ("Bořek Vaňous", "vanous@dilna-vanous.example"), ("Silvie Rybová", "silvie.rybova@mail.example"),
    ("Ctibor Hanák", "hanak@pohostinstvi.example"), ("Alice Nová", "alice.nova@mail.example"),
    ("Emil Sochor", "sochor@chalupy-sochor.example"), ("Radka Jandová", "r.jandova@posta.example"),
)
# People of a client who wrote for the first time: the company is known by its domain, they are not.
NEWCOMERS = ("Aneta Křížová", "Marcel Žák", "Ludmila Říčanová", "Bronislav Hejl", "Soňa Pilná", "Kamil Drobný")
COMPUTERS = ("NB-UCT-03", "NB-OBCH-07", "PC-SKLAD-2", "PC-REC-01", "NB-VED-01", "PC-DILNA-4", "NB-HR-02", "PC-POKL-1")
SERVERS = ("srv-file01", "srv-app02", "srv-sql01", "srv-ts01", "srv-dc02")
STREETS = ("Nová 15", "Jiráskova 88", "Ke Hřišti 4", "Vinohradská 21", "Dlouhá 230")
TOWNS = ("Tábor", "Písek", "Strakonice", "Plzeň", "Jindřichův Hradec")
MONTHS = ("ledna", "února", "března", "dubna", "května", "června", "července", "srpna", "září", "října", "listopadu",
          "prosince")
HELLO = {"cs": "Dobrý den,", "sk": "Dobrý deň,", "en": "Hello,"}
REGARDS = {"cs": "S pozdravem", "sk": "S pozdravom", "en": "Kind regards"}
WROTE = {"cs": "{date} v {time}, {name}:", "sk": "{date} o {time}, {name}:", "en": "On {date} at {time}, {name}:"}
# What may follow a first mail that nobody has answered yet: to any department, and to technicians.
IMPATIENT = {
    "cs": ("Dobrý den, už se na to prosím někdo díval? Potřebujeme to vyřešit do konce dne.",
           "Doplňuji: nejlepší je volat dopoledne, odpoledne jsme mimo kancelář.",
           "Dobrý den, jen připomínám, začíná to spěchat.",
           "Dobrý den, prosím o krátkou zprávu, kdy se na to dostane."),
    "sk": ("Dobrý deň, len pripomíname našu požiadavku, ďakujeme.",),
    "en": ("Hello again, could you let me know when you will get to this?",),
}
IMPATIENT_TECHNICAL = {
    "cs": ("Ještě doplňuji, že stejně je na tom i kolega u vedlejšího stolu.",
           "Zapomněli jsme připsat, že restart jsme už zkoušeli dvakrát.",
           "Teď se to stalo znovu, posílám aspoň přesný čas: {cas-3}."),
    "sk": ("Ešte dopĺňam, že rovnaký problém má aj kolega.",),
    "en": ("One more detail: a colleague in the same room has the same issue.",),
}
REPEATED = ("Stav trvá, kontrola opakována 6×.", "Opakováno 11×, hodnota se od prvního hlášení zhoršila.")
# Exchanges with which some threads grow long: in, note or out.
MORE = (
    ("<", "Ještě jedna věc k tomu: týká se to i počítače v zasedačce, ten jsme přehlédli."),
    (">", "děkujeme za doplnění. Na počítač v zasedačce jsme se podívali a nastavili ho stejně."),
    ("~", "Ověřeno i v zasedačce. Zapsáno do dokumentace zákazníka."),
    ("<", "Dobrý den, dnes ráno se to na chvíli vrátilo, asi na pět minut."),
    ("~", "V čase potíží běžela noční záloha, která se protáhla. Přesunuto na 21:00."),
    (">", "krátké zpomalení způsobila záloha, která se protáhla do rána. Přesunuli jsme ji na večer."),
    ("<", "Rozumíme, děkujeme za vysvětlení."),
)
