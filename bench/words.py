"""Words that generated tickets are put together from."""

THINGS = ("Tiskárna", "Pošta", "VPN", "Notebook", "Sdílený disk", "Faktura", "Docházka", "Skener", "Telefon",
          "Kalendář", "Účetní program", "Wi-Fi", "Záloha", "Monitor", "Certifikát", "Pokladna", "Sklad")
TROUBLES = ("nefunguje", "padá po přihlášení", "je pomalý provoz", "hlásí chybu 809", "chybí oprávnění",
            "neodpovídá od rána", "potřebujeme nastavit", "nejde otevřít", "zobrazuje prázdné okno",
            "prosíme o výměnu", "se odpojuje", "vyprší příští týden", "žádá znovu heslo")
PLACES = ("v kanceláři", "na recepci", "ve skladu", "na pobočce Písek", "u vedení", "v zasedačce", "v dílně",
          "na pobočce Tábor", "doma", "v učtárně", "na stavbě")
RARE = "kardiograf"  # a word of one subject in RARE_EVERY
RARE_EVERY = 997
COMMON = THINGS[0].lower()

FACTS = (
    "od dnešního rána se nám to nedaří spustit a kolegové čekají.",
    "restart ani jiné heslo nepomohly, posíláme popis i čas, kdy se to stalo.",
    "včera to ještě šlo, v noci proběhla aktualizace.",
    "týká se to tří počítačů ve stejné místnosti, ostatní jsou v pořádku.",
    "na obrazovce zůstane bílé okno a po minutě se program zavře.",
)
WISHES = (
    "Potřebovali bychom to vyřešit ještě dnes, večer uzavíráme měsíc.",
    "Prosíme o radu, jak postupovat.",
    "Kdy by mohl přijet technik?",
)
ANSWERS = (
    "děkujeme za zprávu. Podívali jsme se na to na dálku a nastavení opravili, prosím vyzkoušejte.",
    "příčinou byl ovladač, vrátili jsme předchozí verzi. Dejte nám vědět, zda vše běží.",
    "technik přijede zítra mezi devátou a jedenáctou, díl má s sebou.",
    "oprávnění jsme doplnili, odhlaste se prosím a znovu přihlaste.",
    "službu jsme spustili znovu a sledujeme ji, v protokolu je vidět krátký výpadek linky.",
)
LATER = (
    "Funguje to, děkujeme.", "Stále stejné, zkoušeli jsme to dvakrát.", "Potvrzujeme termín.",
    "Ověřeno, zapsáno do dokumentace klienta.", "Volal zákazník, počká do zítřka.",
)
WOMEN = ("Jana", "Alena", "Eva", "Lenka", "Marie"), ("Dvořáková", "Hájková", "Malá", "Urbanová", "Bílková", "Říhová")
MEN = ("Petr", "Tomáš", "Jiří", "Pavel", "Karel"), ("Beran", "Kříž", "Zelenka", "Sýkora", "Vlk", "Šimek", "Pokorný")
COMPANIES = ("Stavby", "Truhlářství", "Autodoprava", "Lékárna", "Pekárna", "Zahradnictví", "Strojírna")
RIVERS = ("Vltava", "Otava", "Sázava", "Lužnice", "Berounka", "Ohře", "Svratka", "Bečva", "Orlice")
