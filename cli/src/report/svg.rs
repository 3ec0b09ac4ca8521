//! A scene as SVG.

use std::fmt::Write;

use crate::report::scene::{Align, DASH, Figure, Ink, Mark, Scene, Stroke, WIDTH, outline};

/// The plot for a page that holds [`sheet`].
pub fn inline(scene: &Scene) -> String {
    drawn(scene, "")
}

/// The plot as a file of its own: it brings its colours, and takes the dark ones where the reader's system is dark.
pub fn file(scene: &Scene) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        drawn(scene, &format!("<style>{}</style>\n", sheet()))
    )
}

/// The colours and letters of all plots.
pub fn sheet() -> String {
    let mut text =
        String::from("svg text{font:11px system-ui,sans-serif}svg .b{font-size:13px;font-weight:600}");
    for ink in Ink::all() {
        let (number, colour) = (ink.index(), ink.light());
        let _ = write!(text, ".f{number}{{fill:{colour}}}.l{number}{{fill:none;stroke:{colour}}}");
    }
    text.push_str("@media(prefers-color-scheme:dark){");
    for ink in Ink::all() {
        let (number, colour) = (ink.index(), ink.dark());
        let _ = write!(text, ".f{number}{{fill:{colour}}}.l{number}{{stroke:{colour}}}");
    }
    text.push('}');
    text
}

/// `text` so that it is text in HTML, SVG and their attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // XML has no way to write these.
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() && !matches!(c, '\n' | '\t') => safe.push(char::REPLACEMENT_CHARACTER),
            c => safe.push(c),
        }
    }
    safe
}

/// What the figure is, as attributes that a check can read.
pub fn attributes(figure: &Figure) -> String {
    format!(" data-at=\"{}\" data-value=\"{}\"", escaped(&figure.at), figure.value)
}

fn drawn(scene: &Scene, style: &str) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"t-{name} d-{name}\">\n\
         <title id=\"t-{name}\">{}</title>\n<desc id=\"d-{name}\">{}</desc>\n{style}",
        short(WIDTH),
        short(scene.height),
        escaped(&scene.title),
        escaped(&scene.about),
        name = scene.name,
    );
    for mark in &scene.marks {
        draw(&mut text, mark);
    }
    text.push_str("</svg>\n");
    text
}

fn draw(text: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Line { points, ink, stroke } => {
            let dash = match stroke {
                Stroke::Dashed => format!(" stroke-dasharray=\"{} {}\"", DASH[0], DASH[1]),
                Stroke::Hair | Stroke::Solid => String::new(),
            };
            writeln!(
                text,
                "<polyline class=\"l{}\" stroke-width=\"{}\"{dash} stroke-linejoin=\"round\" points=\"{}\"/>",
                ink.index(),
                stroke.width(),
                list(points)
            )
        }
        Mark::Bar { at, size, ink, cover, figure } => {
            let cover =
                if *cover < 1.0 { format!(" fill-opacity=\"{}\"", short(*cover)) } else { String::new() };
            let shape = format!(
                "rect class=\"f{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{cover}",
                ink.index(),
                short(at.0),
                short(at.1),
                short(size.0),
                short(size.1)
            );
            element(text, &shape, figure.as_ref())
        }
        Mark::Dot { at, radius, series, figure } => {
            let class = Ink::Series(*series).index();
            let shape = match outline(*series, *at, *radius) {
                None => format!(
                    "circle class=\"f{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"",
                    short(at.0),
                    short(at.1),
                    short(*radius)
                ),
                Some(points) => format!("polygon class=\"f{class}\" points=\"{}\"", list(&points)),
            };
            element(text, &shape, figure.as_ref())
        }
        Mark::Text { at, text: words, align, ink, bold } => {
            let anchor = match align {
                Align::Start => "",
                Align::Middle => " text-anchor=\"middle\"",
                Align::End => " text-anchor=\"end\"",
            };
            // From the middle of a line to where its letters stand; not every reader of SVG does that sum itself.
            let (bold, down) = if *bold { (" b", 4.6) } else { ("", 3.9) };
            writeln!(
                text,
                "<text class=\"f{}{bold}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>",
                ink.index(),
                short(at.0),
                short(at.1 + down),
                escaped(words)
            )
        }
    };
}

fn element(text: &mut String, shape: &str, figure: Option<&Figure>) -> std::fmt::Result {
    match figure {
        None => writeln!(text, "<{shape}/>"),
        Some(figure) => {
            let name = shape.split(' ').next().unwrap_or(shape);
            writeln!(text, "<{shape}{}><title>{}</title></{name}>", attributes(figure), escaped(&figure.says))
        }
    }
}

fn list(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{},{}", short(*x), short(*y))).collect::<Vec<String>>().join(" ")
}

/// A hundredth of a unit is finer than a screen.
fn short(value: f64) -> String {
    let value = (value * 100.0).round() / 100.0;
    format!("{}", if value == 0.0 { 0.0 } else { value })
}
