package bot

// zoneAreas are the first parts of the database's names, without its variants:
// "right/…" counts leap seconds.
var zoneAreas = []string{
	"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile",
	"Etc", "Europe", "Indian", "Mexico", "Pacific", "US",
}

// fixedZones are abbreviations that people type for a place, though they name
// one offset the whole year or several places, with the place most mean.
var fixedZones = map[string]string{
	"cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin",
	"eet": "Europe/Athens", "eest": "Europe/Athens", "wet": "Europe/Lisbon", "west": "Europe/Lisbon",
	"bst": "Europe/London", "msk": "Europe/Moscow",
	"est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
	"cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
	"mst": "America/Denver", "mdt": "America/Denver",
	"pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
	"brt": "America/Sao_Paulo", "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "sgt": "Asia/Singapore",
	"aest": "Australia/Sydney", "aedt": "Australia/Sydney", "awst": "Australia/Perth", "nzst": "Pacific/Auckland",
}

// otherCities are large cities that lend no zone its name, and older spellings.
var otherCities = map[string]string{
	"munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "cologne": "Europe/Berlin", "frankfurt": "Europe/Berlin",
	"stuttgart": "Europe/Berlin", "leipzig": "Europe/Berlin", "dresden": "Europe/Berlin",
	"barcelona": "Europe/Madrid", "valencia": "Europe/Madrid", "seville": "Europe/Madrid", "porto": "Europe/Lisbon",
	"lyon": "Europe/Paris", "marseille": "Europe/Paris", "milan": "Europe/Rome", "naples": "Europe/Rome", "turin": "Europe/Rome",
	"geneva": "Europe/Zurich", "basel": "Europe/Zurich", "bern": "Europe/Zurich", "graz": "Europe/Vienna", "salzburg": "Europe/Vienna",
	"rotterdam": "Europe/Amsterdam", "the hague": "Europe/Amsterdam", "antwerp": "Europe/Brussels",
	"krakow": "Europe/Warsaw", "wroclaw": "Europe/Warsaw", "gdansk": "Europe/Warsaw", "brno": "Europe/Prague",
	"gothenburg": "Europe/Stockholm", "malmo": "Europe/Stockholm", "bergen": "Europe/Oslo", "aarhus": "Europe/Copenhagen",
	"manchester": "Europe/London", "birmingham": "Europe/London", "edinburgh": "Europe/London", "glasgow": "Europe/London",
	"cardiff": "Europe/London", "cork": "Europe/Dublin", "saint petersburg": "Europe/Moscow", "kiev": "Europe/Kyiv", "lviv": "Europe/Kyiv",
	"ankara": "Europe/Istanbul", "thessaloniki": "Europe/Athens", "tel aviv": "Asia/Jerusalem",
	"san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "san diego": "America/Los_Angeles",
	"portland": "America/Los_Angeles", "las vegas": "America/Los_Angeles", "salt lake city": "America/Denver",
	"austin": "America/Chicago", "dallas": "America/Chicago", "houston": "America/Chicago", "minneapolis": "America/Chicago",
	"boston": "America/New_York", "washington": "America/New_York", "miami": "America/New_York", "atlanta": "America/New_York",
	"philadelphia": "America/New_York", "nyc": "America/New_York", "montreal": "America/Toronto", "ottawa": "America/Toronto",
	"calgary": "America/Edmonton", "guadalajara": "America/Mexico_City", "rio de janeiro": "America/Sao_Paulo",
	"brasilia": "America/Sao_Paulo", "medellin": "America/Bogota", "quito": "America/Guayaquil", "valparaiso": "America/Santiago",
	"mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
	"bengaluru": "Asia/Kolkata", "chennai": "Asia/Kolkata", "hyderabad": "Asia/Kolkata", "calcutta": "Asia/Kolkata",
	"islamabad": "Asia/Karachi", "lahore": "Asia/Karachi", "beijing": "Asia/Shanghai", "shenzhen": "Asia/Shanghai",
	"guangzhou": "Asia/Shanghai", "osaka": "Asia/Tokyo", "kyoto": "Asia/Tokyo", "busan": "Asia/Seoul",
	"hanoi": "Asia/Ho_Chi_Minh", "saigon": "Asia/Ho_Chi_Minh", "abu dhabi": "Asia/Dubai", "doha": "Asia/Qatar",
	"alexandria": "Africa/Cairo", "cape town": "Africa/Johannesburg", "durban": "Africa/Johannesburg",
	"rabat": "Africa/Casablanca", "abuja": "Africa/Lagos", "canberra": "Australia/Sydney", "wellington": "Pacific/Auckland",
}
