//! The report of `manylane bench --html` in a browser: headless Chromium opens it narrow and wide, light and dark, and the page's
//! own script says what became of it. What it says is judged here, against the record that lies beside the page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::Usage;
use crate::apt::Apt;
use crate::run::{cargo, command, root, run, succeeds};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const WIDTHS: [u32; 2] = [360, 1_600];
/// The shorter edge of a window that headless Chromium makes at least; narrower pages are shown in a frame.
const HEIGHT: u64 = 2_000;
/// Shown with three digits, a number is at most this far from itself.
const ROUNDED: f64 = 0.006;

/// Checks the report in a folder, or one of made-up numbers, and leaves pictures of it where that is asked for.
pub fn run_all(args: &[String]) -> Result<()> {
    let (folder, shots) = match args {
        [] => (None, None),
        [folder] if folder != "--shots" => (Some(folder), None),
        [flag, shots] if flag == "--shots" => (None, Some(shots)),
        [folder, flag, shots] if flag == "--shots" => (Some(folder), Some(shots)),
        _ => bail!(Usage(format!("`report-check` does not take `{}`", args.join(" ")))),
    };
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => made_up()?,
    };
    let page = folder.join("index.html");
    let page = page.canonicalize().with_context(|| format!("there is no `{}`", page.display()))?;
    let record = folder.join("record.json");
    let record =
        fs::read_to_string(&record).with_context(|| format!("cannot read `{}`", record.display()))?;
    let record: Value = serde_json::from_str(&record).context("record.json is no JSON")?;
    let shots = shots.map(PathBuf::from);
    if let Some(shots) = &shots {
        fs::create_dir_all(shots).with_context(|| format!("cannot make `{}`", shots.display()))?;
    }

    let scratch = Scratch::new()?;
    let browser = browser()?;
    let mut faults = Vec::new();
    for width in WIDTHS {
        for dark in [false, true] {
            let view = View { width, dark };
            let seen = view.open(&browser, &page, &scratch)?;
            println!(
                "report-check: {view}: {} plots, {} figures, {} pixels high",
                list(&seen.told["plots"]).len(),
                list(&seen.told["figures"]).len(),
                seen.told["high"]
            );
            faults.extend(judge(&seen, view, &record).into_iter().map(|fault| format!("{view}: {fault}")));
            if let Some(shots) = &shots {
                let high = seen.told["high"].as_u64().unwrap_or(HEIGHT);
                view.picture(&browser, &page, &scratch, high, &shots.join(format!("{view}.png")))?;
            }
        }
    }
    for fault in &faults {
        println!("error: {fault}");
    }
    ensure!(faults.is_empty(), "the report in `{}` has {} faults", folder.display(), faults.len());
    Ok(())
}

/// The report of the made-up record that the command's tests have.
fn made_up() -> Result<PathBuf> {
    let folder = root().join("target/report");
    let mut test =
        cargo("test -p manylane-cli --lib -- --ignored --exact report::tests::the_report_for_a_browser");
    run(test.env("MANYLANE_REPORT", &folder))?;
    Ok(folder)
}

fn browser() -> Result<String> {
    let here = || BROWSERS.into_iter().find(|name| succeeds(command(name).arg("--version")));
    if let Some(name) = here() {
        return Ok(name.to_owned());
    }
    let apt = Apt::find()
        .map_err(|why| anyhow::anyhow!("there is no Chromium here, and none can be installed: {why}"))?;
    apt.update()?;
    apt.install(&["chromium"], None)?;
    here().map(str::to_owned).context("Chromium was installed and cannot be started")
}

/// A folder that goes away again.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("manylane-report-check-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

/// One way to look at a page.
#[derive(Clone, Copy)]
struct View {
    width: u32,
    dark: bool,
}

impl std::fmt::Display for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.width, if self.dark { "dark" } else { "light" })
    }
}

/// What the browser made of a page.
struct Seen {
    told: Value,
    /// What it wrote to its console.
    console: Vec<String>,
}

impl View {
    /// A page that shows another in a frame as wide as the view: a window is never narrower than 500 pixels.
    fn frame(self, page: &Path, scratch: &Scratch, high: u64) -> Result<String> {
        let frame = scratch.0.join(format!("{self}.html"));
        let text = format!(
            "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
             <style>body{{margin:0}}iframe{{display:block;border:0;width:{}px;height:{high}px}}</style>\
             <script>addEventListener('message', e => document.documentElement.dataset.told = e.data)</script>\
             <iframe src=\"file://{}#check\"></iframe>",
            self.width,
            page.display()
        );
        fs::write(&frame, text).with_context(|| format!("cannot write `{}`", frame.display()))?;
        Ok(format!("file://{}", frame.display()))
    }

    fn chromium(self, browser: &str, scratch: &Scratch, high: u64) -> std::process::Command {
        let mut chromium = command(browser);
        chromium
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"])
            .args(["--enable-logging=stderr", "--virtual-time-budget=10000", "--force-device-scale-factor=1"])
            .arg(format!("--user-data-dir={}", scratch.0.join("profile").display()))
            .arg(format!("--window-size={},{high}", self.width))
            // 0 is dark, 1 is light.
            .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!self.dark)));
        chromium
    }

    fn open(self, browser: &str, page: &Path, scratch: &Scratch) -> Result<Seen> {
        let frame = self.frame(page, scratch, HEIGHT)?;
        let output = self.chromium(browser, scratch, HEIGHT).args(["--dump-dom", &frame]).output();
        let output = output.with_context(|| format!("cannot start `{browser}`"))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`{browser}` failed: {}", errors.trim());
        let console: Vec<String> =
            errors.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect();
        let dump = String::from_utf8_lossy(&output.stdout);
        let told = dump.split_once("data-told=\"").and_then(|(_, rest)| rest.split_once('"'));
        let Some((told, _)) = told else {
            bail!("the page told nothing; the console has: {}", console.join("; "));
        };
        let told = serde_json::from_str(&unescaped(told)?).context("what the page told is no JSON")?;
        Ok(Seen { told, console })
    }

    fn picture(self, browser: &str, page: &Path, scratch: &Scratch, high: u64, file: &Path) -> Result<()> {
        let frame = self.frame(page, scratch, high)?;
        let file = std::path::absolute(file).context("cannot name the picture")?;
        let mut chromium = self.chromium(browser, scratch, high);
        let chromium = chromium.arg(format!("--screenshot={}", file.display())).arg(&frame);
        ensure!(succeeds(chromium) && file.is_file(), "`{browser}` made no picture `{}`", file.display());
        Ok(())
    }
}

/// What `encodeURIComponent` made of it.
fn unescaped(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.with_context(|| format!("`%{part}` is no escaped byte"))?);
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).context("what the page told is no UTF-8")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What is wrong with a page, given what it says of itself and the record beside it.
fn judge(seen: &Seen, view: View, record: &Value) -> Vec<String> {
    let told = &seen.told;
    let mut faults: Vec<String> = seen.console.iter().map(|line| format!("console: {line}")).collect();
    faults.extend(list(&told["faults"]).iter().map(|fault| fault.as_str().unwrap_or_default().to_owned()));
    if told["width"] != view.width || told["dark"] != view.dark {
        faults.push(format!("it was opened {} wide, dark: {}", told["width"], told["dark"]));
    }
    if told["wide"].as_u64().is_none_or(|wide| wide > view.width.into()) {
        faults.push(format!("it is {} wide and scrolls sideways", told["wide"]));
    }
    if list(&told["plots"]).is_empty() {
        faults.push("it has no plot".to_owned());
    }
    for plot in list(&told["plots"]) {
        if plot[1].as_u64().is_none_or(|figures| figures == 0) {
            faults.push(format!("the plot {} has no data", plot[0]));
        }
    }
    let embedded = told["record"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    if embedded.as_ref() != Some(record) {
        faults.push("the record in the page is not that of record.json".to_owned());
    }
    if list(&told["figures"]).is_empty() {
        faults.push("it has no figure".to_owned());
    }
    faults.extend(list(&told["figures"]).iter().filter_map(|figure| wrong(figure, record)));
    faults
}

/// What is wrong with one figure: where it stands in the record, its number, and what is shown of it in a table.
fn wrong(figure: &Value, record: &Value) -> Option<String> {
    let (at, value) = (figure[0].as_str()?, figure[1].as_str()?);
    let there = record.pointer(at).and_then(Value::as_f64);
    let Some(there) = there else { return Some(format!("{at} is no number of the record")) };
    if value.parse() != Ok(there) {
        return Some(format!("{at} is {there} in the record and {value} in the page"));
    }
    let text = figure[2].as_str()?;
    match number_shown(text) {
        Some(shown) if (shown - there).abs() <= ROUNDED * there.abs() => None,
        _ => Some(format!("{at} is {there} and is shown as `{text}`")),
    }
}

/// The number that a text shows: `874 µs`, `64Ki`, `3840x2160`, `49.9x`, `5.23 %`.
fn number_shown(text: &str) -> Option<f64> {
    if let Some((columns, rows)) = text.split_once('x')
        && let (Ok(columns), Ok(rows)) = (columns.parse::<u64>(), rows.parse::<u64>())
    {
        return Some((columns * rows) as f64);
    }
    let starts = |at: &usize| text.is_char_boundary(*at) && text[..*at].parse::<f64>().is_ok();
    let end = (1..=text.len()).rev().find(starts)?;
    let scale = match text[end..].trim() {
        "" | "x" | "s" | "B" => 1.0,
        "%" => 1e-2,
        "ms" => 1e-3,
        "µs" => 1e-6,
        "ns" => 1e-9,
        "Ki" | "KiB" => 1024.0,
        "Mi" | "MiB" => 1024.0 * 1024.0,
        "Gi" | "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(text[..end].parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> (Value, Value) {
        let record = json!({"rows": [{"gb_s": 57.575, "seconds_min": 8.74e-4, "size": 8_294_400}]});
        let told = json!({
            "width": 360, "wide": 360, "high": 4000, "dark": false, "faults": [],
            "plots": [["speed", 1]],
            "figures": [
                ["/rows/0/gb_s", "57.575", null],
                ["/rows/0/seconds_min", "0.000874", "874 µs"],
                ["/rows/0/size", "8294400", "3840x2160"],
            ],
            "record": record.to_string(),
        });
        (told, record)
    }

    fn faults(told: Value, record: &Value) -> usize {
        judge(&Seen { told, console: Vec::new() }, View { width: 360, dark: false }, record).len()
    }

    #[test]
    fn every_fault_is_found() {
        let (told, record) = good();
        assert_eq!(faults(told.clone(), &record), 0);
        for (at, wrong) in [
            ("/wide", json!(372)),
            ("/dark", json!(true)),
            ("/plots", json!([])),
            ("/plots/0/1", json!(0)),
            ("/figures", json!([])),
            ("/figures/0/0", json!("/rows/1/gb_s")),
            ("/figures/0/1", json!("57.576")),
            ("/figures/1/2", json!("874 ms")),
            ("/figures/2/2", json!("3840x2161 or so")),
            ("/record", json!("{}")),
            ("/faults", json!(["a text leaves its plot"])),
        ] {
            let mut bad = told.clone();
            *bad.pointer_mut(at).unwrap() = wrong;
            assert_eq!(faults(bad, &record), 1, "{at}");
        }
        let seen = Seen { told, console: vec!["INFO:CONSOLE:1] \"bad\"".to_owned()] };
        assert_eq!(judge(&seen, View { width: 360, dark: false }, &record).len(), 1);
    }

    #[test]
    fn numbers_are_read_as_they_are_shown() {
        for (text, number) in [
            ("874 µs", 8.74e-4),
            ("64Ki", 65_536.0),
            ("1.50 MiB", 1_572_864.0),
            ("3840x2160", 8_294_400.0),
            ("49.9x", 49.9),
            ("5.23 %", 0.0523),
            ("2.92e-5", 2.92e-5),
            ("0", 0.0),
            ("100 B", 100.0),
        ] {
            let shown = number_shown(text).unwrap_or_else(|| panic!("{text}"));
            assert!((shown - number).abs() <= 1e-12 * number, "{text}: {shown}");
        }
        assert_eq!(number_shown("–"), None);
        assert_eq!(number_shown("12 parsecs"), None);
    }

    #[test]
    fn what_was_escaped_comes_back() {
        assert_eq!(unescaped("%7B%22a%22%3A%22%C2%B5s%22%7D").unwrap(), "{\"a\":\"µs\"}");
        assert!(unescaped("100%").is_err());
    }
}
