//! A plot before it has a format: lines, bars, dots and text, in colours that have a light and a dark form.
//!
//! Plots are made of this and know no format; [`super::svg`] and [`super::png`] know formats and no plot.

/// The width of a plot. All have one, so that text is equally large in all; it is that of a small phone, whose screen the
/// plot fills.
pub const WIDTH: f64 = 360.0;
/// Room for one letter, wide enough for the PNG's letters, which are all equally wide.
pub const LETTER: f64 = 7.0;
/// Room for one letter of a title.
pub const TITLE_LETTER: f64 = 8.5;
/// Room for one line of text.
pub const LINE: f64 = 14.0;
/// Room between text and the plot's edge.
pub const EDGE: f64 = 12.0;

/// A colour by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Behind everything.
    Ground,
    /// Text and what is as strong.
    Text,
    /// Axes and their text.
    Soft,
    /// The lines of a grid.
    Grid,
    /// One of [`SERIES`] colours that are told apart.
    Series(usize),
}

/// How many colours are told apart.
pub const SERIES: usize = 6;

/// Light and dark, in the order of [`Ink::index`]. The last six follow the hues that Okabe and Ito (2002) chose for people who
/// see some colours alike, made darker or lighter so that text in them can be read on both grounds.
const COLOURS: [[&str; 2]; 4 + SERIES] = [
    ["#ffffff", "#16181c"],
    ["#1b1f24", "#e8eaed"],
    ["#5a626d", "#a4acb8"],
    ["#e3e6ea", "#2c3138"],
    ["#5f6670", "#a9b0ba"],
    ["#0067a8", "#5cb8f0"],
    ["#b34700", "#f28e4b"],
    ["#007a57", "#2cc295"],
    ["#9c3d78", "#e596c4"],
    ["#7a5c00", "#e3b341"],
];

impl Ink {
    /// Its row in the table of colours.
    pub fn index(self) -> usize {
        match self {
            Ink::Ground => 0,
            Ink::Text => 1,
            Ink::Soft => 2,
            Ink::Grid => 3,
            Ink::Series(number) => 4 + number % SERIES,
        }
    }

    /// As `#rrggbb`, for a light page.
    pub fn light(self) -> &'static str {
        COLOURS[self.index()][0]
    }

    /// As `#rrggbb`, for a dark page.
    pub fn dark(self) -> &'static str {
        COLOURS[self.index()][1]
    }

    /// Every colour there is.
    pub fn all() -> impl Iterator<Item = Ink> {
        [Ink::Ground, Ink::Text, Ink::Soft, Ink::Grid].into_iter().chain((0..SERIES).map(Ink::Series))
    }
}

/// The number of a target's colour and of its dots' shape.
pub fn series(target: &str) -> usize {
    match target {
        "scalar" => 0,
        "simd" => 1,
        "threads" | "cpu" => 2,
        "split" => 4,
        other => match other.strip_prefix("gpu:").and_then(|number| number.parse::<usize>().ok()) {
            Some(number) if number % 2 == 1 => 5,
            _ => 3,
        },
    }
}

/// A number of the record and where it stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// A JSON pointer (RFC 6901) into the record.
    pub at: String,
    /// The number itself.
    pub value: f64,
    /// What it says, for people.
    pub says: String,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Hardly seen.
    Hair,
    /// What was measured.
    Solid,
    /// What a law or a limit says.
    Dashed,
}

impl Stroke {
    /// How wide it is.
    pub fn width(self) -> f64 {
        match self {
            Stroke::Hair => 1.0,
            Stroke::Solid => 2.0,
            Stroke::Dashed => 1.5,
        }
    }
}

/// The length of a dash and of the gap after it.
pub const DASH: [f64; 2] = [5.0, 4.0];

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Through all points.
    Line {
        /// In order.
        points: Vec<(f64, f64)>,
        /// Its colour.
        ink: Ink,
        /// Its kind.
        stroke: Stroke,
    },
    /// A filled rectangle.
    Bar {
        /// The upper left corner.
        at: (f64, f64),
        /// Width and height.
        size: (f64, f64),
        /// Its colour.
        ink: Ink,
        /// How much of it covers what lies behind, of 1.
        cover: f64,
        /// The number that it shows.
        figure: Option<Figure>,
    },
    /// A number in the plane.
    Dot {
        /// Its middle.
        at: (f64, f64),
        /// Half its width.
        radius: f64,
        /// Its colour, and its shape with it.
        series: usize,
        /// The number that it shows.
        figure: Option<Figure>,
    },
    /// One line of text; its height is in the middle of the line.
    Text {
        /// Where it begins, has its middle or ends.
        at: (f64, f64),
        /// What it says.
        text: String,
        /// Which of these.
        align: Align,
        /// Its colour.
        ink: Ink,
        /// Whether it is a title.
        bold: bool,
    },
}

/// The most letters of a plot's name; file systems allow 255 with all that is added.
const NAME: usize = 100;

/// A plot.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Its name among files: letters, digits, `-` and `_`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence, for who cannot see it.
    pub about: String,
    /// How high it is.
    pub height: f64,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
}

impl Scene {
    /// An empty plot with its title.
    pub fn new(name: &str, title: &str, about: &str, height: f64) -> Scene {
        let ground =
            Mark::Bar { at: (0.0, 0.0), size: (WIDTH, height), ink: Ink::Ground, cover: 1.0, figure: None };
        let mut scene = Scene {
            name: name
                .chars()
                .take(NAME)
                .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
                .collect(),
            title: title.to_owned(),
            about: about.to_owned(),
            height,
            marks: vec![ground],
        };
        let text = cut(title, WIDTH - 2.0 * EDGE, TITLE_LETTER);
        scene.marks.push(Mark::Text {
            at: (EDGE, 18.0),
            text,
            align: Align::Start,
            ink: Ink::Text,
            bold: true,
        });
        scene
    }

    /// Draws a line; one point is none.
    pub fn line(&mut self, points: Vec<(f64, f64)>, ink: Ink, stroke: Stroke) {
        if points.len() > 1 {
            self.marks.push(Mark::Line { points, ink, stroke });
        }
    }

    /// Draws a bar.
    pub fn bar(&mut self, at: (f64, f64), size: (f64, f64), ink: Ink, cover: f64, figure: Option<Figure>) {
        self.marks.push(Mark::Bar { at, size, ink, cover, figure });
    }

    /// Draws a dot.
    pub fn dot(&mut self, at: (f64, f64), series: usize, figure: Option<Figure>) {
        self.marks.push(Mark::Dot { at, radius: 4.0, series, figure });
    }

    /// Writes text.
    pub fn text(&mut self, at: (f64, f64), text: impl Into<String>, align: Align, ink: Ink) {
        self.marks.push(Mark::Text { at, text: text.into(), align, ink, bold: false });
    }

    /// The numbers that it shows.
    #[cfg(test)]
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Bar { figure, .. } | Mark::Dot { figure, .. } => figure.as_ref(),
            Mark::Line { .. } | Mark::Text { .. } => None,
        })
    }
}

/// As much of `text` as has room in `width`.
pub fn cut(text: &str, width: f64, letter: f64) -> String {
    let most = (width / letter).floor().max(3.0) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 2).chain("..".chars()).collect()
}

/// The outline of the dots of a series around `at`; a circle has none.
pub fn outline(series: usize, at: (f64, f64), radius: f64) -> Option<Vec<(f64, f64)>> {
    let (small, large) = (radius * 0.88, radius * 1.25);
    let corners: &[(f64, f64)] = match series % SERIES {
        0 => return None,
        1 => &[(-small, -small), (small, -small), (small, small), (-small, small)],
        2 => &[(0.0, -large), (large, small), (-large, small)],
        3 => &[(0.0, -large), (large, 0.0), (0.0, large), (-large, 0.0)],
        4 => &[(0.0, large), (large, -small), (-large, -small)],
        _ => &[(-large, 0.0), (-small * 0.5, -large), (small * 0.5, -large), (large, 0.0), (0.0, large)],
    };
    Some(corners.iter().map(|(x, y)| (at.0 + x, at.1 + y)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn the_contrast_is_that_of_the_standard() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 1e-3);
    }

    #[test]
    fn text_can_be_read_in_every_colour_on_both_grounds() {
        for ink in Ink::all().filter(|ink| !matches!(ink, Ink::Ground | Ink::Grid)) {
            let light = contrast(ink.light(), Ink::Ground.light());
            let dark = contrast(ink.dark(), Ink::Ground.dark());
            assert!(light >= 4.5 && dark >= 4.5, "{ink:?}: {light:.2} and {dark:.2}");
        }
    }

    #[test]
    fn targets_of_one_bench_differ() {
        let numbers: Vec<usize> =
            ["scalar", "simd", "threads", "gpu:0", "split", "gpu:1"].map(series).into_iter().collect();
        for (at, number) in numbers.iter().enumerate() {
            assert!(!numbers[..at].contains(number), "{numbers:?}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut("short", 70.0, 7.0), "short");
        assert_eq!(cut("a_very_long_name_of_a_kernel", 70.0, 7.0), "a_very_l..");
        assert_eq!(cut("größer als gedacht", 49.0, 7.0), "größe..");
    }
}
