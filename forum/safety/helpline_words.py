"""What our help lines' files say, listed for translation; a test compares it with the files."""

from forum.core.translation import lazy
from forum.core.translation.messages import gettext as look_up

TEXTS = (
    # Countries
    lazy("Aotearoa New Zealand"),
    lazy("Australia"),
    lazy("Austria · Österreich"),
    lazy("Belgium · België · Belgique"),
    lazy("Brazil · Brasil"),
    lazy("Canada"),
    lazy("Denmark · Danmark"),
    lazy("Finland · Suomi"),
    lazy("France"),
    lazy("Germany · Deutschland"),
    lazy("India"),
    lazy("Ireland"),
    lazy("Italy · Italia"),
    lazy("Japan · 日本"),
    lazy("Netherlands · Nederland"),
    lazy("Norway · Norge"),
    lazy("Poland · Polska"),
    lazy("Portugal"),
    lazy("South Africa"),
    lazy("Spain · España"),
    lazy("Sweden · Sverige"),
    lazy("Switzerland · Schweiz · Suisse · Svizzera"),
    lazy("United Kingdom"),
    lazy("United States"),
    # Names with an explanation
    lazy("114, emergencies without speaking"),
    lazy("1177, healthcare advice"),
    lazy("13YARN, for Aboriginal and Torres Strait Islander people"),
    lazy("ANAR, for children and young people"),
    lazy("Alarmtelefonen, for children and young people"),
    lazy("Bris, for children and young people"),
    lazy("BørneTelefonen, for children and young people"),
    lazy("Hope for Wellness, for Indigenous people"),
    lazy("Kids Helpline, 5 to 25 years"),
    lazy("Kryzysowy Telefon Zaufania, for adults"),
    lazy("Legevakt, out-of-hours doctor"),
    lazy("Lifeline, Northern Ireland"),
    lazy("MIELI Crisis Helpline (English)"),
    lazy("MIELI Kriisipuhelin (Finnish)"),
    lazy("MIELI Kristelefon (Swedish)"),
    lazy("NHS 111, mental health option"),
    lazy("Nummer gegen Kummer, for children and young people"),
    lazy("Papyrus HOPELINE247, for people under 35"),
    lazy("Pro Juventute, for children and young people"),
    lazy("Rat auf Draht, for children and young people"),
    lazy("TELL Lifeline (English)"),
    lazy("Tele-Onthaal (Dutch)"),
    lazy("Telefon Zaufania, for children and young people"),
    lazy("Telefonhilfe (German)"),
    lazy("Telefono Azzurro, for children and young people"),
    lazy("The Trevor Project, for LGBTQ+ young people"),
    lazy("Télé-Accueil (French)"),
    # What happens
    lazy("A counsellor answers. The call is free."),
    lazy(
        "A counsellor listens, in English or French, and on request in Cree, Ojibway or "
        "Inuktitut. The call is free."
    ),
    lazy("A counsellor listens, in English, Hindi and other languages."),
    lazy("A counsellor listens. The call is free."),
    lazy("A counsellor listens. You can stay anonymous. The call is free."),
    lazy("A counsellor talks with you about how you feel and what could help."),
    lazy("A counsellor talks with you, at any age. The call is free."),
    lazy("A crisis worker or trained volunteer listens. You can stay anonymous."),
    lazy(
        "A crisis worker or trained volunteer listens. You can stay anonymous. If the line is "
        "busy, try again after a few minutes."
    ),
    lazy("A nurse advises you where to find care near you."),
    lazy("A nurse or psychologist answers, in French, in confidence. The call is free."),
    lazy(
        "A professional listens, in confidence, in Spanish or other languages of the country. "
        "The call is free."
    ),
    lazy("A psychologist answers, in Polish. The call is free."),
    lazy("A psychologist or specialist nurse answers, in Portuguese."),
    lazy("A therapist talks with you about suicidal thoughts or self-harm. The call is free."),
    lazy(
        "A trained adviser talks with you about suicidal thoughts, in Danish. You can stay "
        "anonymous. If nobody answers, please try again. It only means the line is busy."
    ),
    lazy("A trained counsellor answers. Calls and texts are free."),
    lazy(
        "A trained counsellor listens and helps you to stay safe. Press 2 for Spanish. "
        "Veterans press 1. The call is free."
    ),
    lazy("A trained counsellor listens and helps you to stay safe. The call is free."),
    lazy(
        "A trained counsellor listens, in English, Hindi and many other languages. The call "
        "is free."
    ),
    lazy("A trained counsellor listens. The call is free."),
    lazy("A trained crisis supporter listens and helps you to stay safe."),
    lazy("A trained responder listens, in English or French. Calls and texts are free."),
    lazy(
        "A trained volunteer answers by text message. It's free and doesn't show on a phone bill."
    ),
    lazy("A trained volunteer answers by text message. It's free on most networks."),
    lazy("A trained volunteer answers by text message. It's free."),
    lazy("A trained volunteer listens, in Dutch. It's anonymous and free."),
    lazy("A trained volunteer listens, in Dutch. You can stay anonymous."),
    lazy("A trained volunteer listens, in English. You can stay anonymous."),
    lazy("A trained volunteer listens, in French. It's anonymous and free."),
    lazy("A trained volunteer listens, in French. You stay anonymous."),
    lazy("A trained volunteer listens, in German, French or Italian. You can stay anonymous."),
    lazy(
        "A trained volunteer listens, in German, whatever you believe. You stay anonymous. "
        "The call is free and doesn't show on a phone bill."
    ),
    lazy(
        "A trained volunteer listens, in German, whatever you believe. You stay anonymous. "
        "The call is free."
    ),
    lazy("A trained volunteer listens, in Italian. You stay anonymous."),
    lazy("A trained volunteer listens, in Japanese. The call is free."),
    lazy("A trained volunteer listens, in Portuguese. It's anonymous and free."),
    lazy("A trained volunteer listens, in Portuguese. You stay anonymous."),
    lazy("A trained volunteer listens, in Spanish. You can stay anonymous."),
    lazy("A trained volunteer listens, in Swedish. It's anonymous and free."),
    lazy(
        "A trained volunteer listens, whatever is on your mind. The call is free and doesn't "
        "show on a phone bill."
    ),
    lazy("A trained volunteer listens, whatever you believe. You can stay anonymous."),
    lazy(
        "A trained volunteer or professional talks with you about suicidal thoughts. You stay "
        "anonymous. 0800 0113 is free."
    ),
    lazy("An adviser helps you to stay safe. The call is free."),
    lazy(
        "Choose psychological support in the menu. A psychologist answers, in Portuguese or "
        "English."
    ),
    lazy(
        "Choose the mental health option to reach the crisis team where you live. The call is free."
    ),
    lazy("Finds a doctor for you when surgeries are closed. The call is free."),
    lazy("For young people and those who care about them. The call is free."),
    lazy("Puts you through to the doctor on duty where you are. The call is free."),
    lazy(
        "Someone listens, in Japanese. Press 2 for other languages, at other hours. The call "
        "is free."
    ),
    lazy("Someone trained listens, for as long as you need. You can stay anonymous."),
    lazy(
        "Someone trained listens, for as long as you need. You can stay anonymous. The call "
        "is free."
    ),
    lazy("Someone trained listens, in Norwegian. It's anonymous and free."),
    lazy(
        "The emergency services answer in writing, if you can't hear or speak, or it isn't safe "
        "to speak."
    ),
    lazy("You yarn with a crisis supporter who is Aboriginal or Torres Strait Islander."),
    # When
    lazy("A few hours a week (see their website)"),
    lazy("At different hours (see their website)"),
    lazy("Day and night, every day"),
    lazy("Every day, 3:30pm to 12:30am"),
    lazy("Every day, 4pm to 9pm, and longer on the 10th of each month"),
    lazy("Every day, 9am to midnight"),
    lazy("Every day, from late morning into the night (see their website)"),
    lazy("Monday to Saturday, 2pm to 8pm"),
    lazy("See their website for the hours"),
    lazy("Some hours on most days (see their website)"),
    # Other ways
    lazy("111.nhs.uk (England)"),
    lazy("Chat and email at 143.ch"),
    lazy("Chat and email at centrumwsparcia.pl"),
    lazy("Chat and email at cvv.org.br"),
    lazy("Chat and email at deluisterlijn.nl"),
    lazy("Chat and email at livslinien.dk"),
    lazy("Chat and email at mentalhelse.no"),
    lazy("Chat and email at online.telefonseelsorge.de"),
    lazy("Chat and email at onlineberatung-telefonseelsorge.at"),
    lazy("Chat and email at sos-amitie.com"),
    lazy("Chat and email at zelfmoord1813.be"),
    lazy("Chat and more at 147.ch"),
    lazy("Chat at 113.nl"),
    lazy("Chat at 988lifeline.org"),
    lazy("Chat at beyondblue.org.au"),
    lazy("Chat at hopeforwellness.ca"),
    lazy("Chat at kirkens-sos.no"),
    lazy("Chat at lifeline.org.au"),
    lazy("Chat at mind.se"),
    lazy("Chat at tele-onthaal.be"),
    lazy("Chat at telljp.com"),
    lazy("Email jo@samaritans.ie (answers take days rather than hours)"),
    lazy("Email jo@samaritans.org (answers take days rather than hours)"),
    lazy("Lines in other languages, and chat, at mieli.fi"),
    lazy("SMS 31393, and a counsellor calls you back"),
    lazy("Text 0477 13 11 14"),
    lazy("Text 114"),
    lazy("Text 1737"),
    lazy("Text 234"),
    lazy("Text 988"),
    lazy("Text CONNECT to 686868"),
    lazy("Text HELLO to 50808"),
    lazy("Text HELP to 4357"),
    lazy("Text HELP to 51444"),
    lazy("Text HOME to 741741"),
    lazy("Text SHOUT to 85258"),
    lazy("Text START to 678-678"),
    lazy("WhatsApp and email at telefonoamico.it"),
    lazy("WhatsApp the same number"),
)


def translated(words: str) -> str:
    """Return what a file says, in the reader's language; what an operator wrote stays as it is."""
    return look_up(words) if words else words
