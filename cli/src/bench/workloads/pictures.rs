//! Pictures: gray and Sobel, on a photograph scaled to any size.

use std::cell::OnceCell;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use image::imageops::{self, FilterType};
use image::{ImageFormat, ImageReader};
use manylane::prelude::*;
use manylane_image::{self as kernels, colour, edges, naive};

use super::{bytes, check, grids, into};
use crate::bench::Text;
use crate::bench::suite::{Data, Work, Workload};

/// A cup of coffee, photographed by Rachel Michetti (CC0), 600 x 400.
static COFFEE: &[u8] = include_bytes!("../../../../assets/coffee.png");

const QUICK: (usize, usize) = (3840, 2160);

/// A photograph at one size.
type Pixels = Arc<Vec<[u8; 3]>>;

/// The photograph, scaled bilinearly; the last size is kept for the next kernel.
fn photograph(width: usize, height: usize) -> manylane::Result<Pixels> {
    static LAST: Mutex<Option<((usize, usize), Pixels)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((shape, pixels)) = &*last
        && *shape == (width, height)
    {
        return Ok(pixels.clone());
    }
    let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height)) else {
        let text = format!("a picture of {width}x{height} is too large; 4294967295 is the most to a side");
        return Err(Error::new(ErrorKind::LimitExceeded, text));
    };
    let photograph = ImageReader::with_format(Cursor::new(COFFEE), ImageFormat::Png).decode();
    let photograph = photograph
        .map_err(|error| Error::new(ErrorKind::Internal, format!("the built-in photograph: {error}")))?
        .into_rgb8();
    let scaled = if photograph.dimensions() == (columns, rows) {
        photograph
    } else {
        imageops::resize(&photograph, columns, rows, FilterType::Triangle)
    };
    let pixels = Arc::new(scaled.pixels().map(|pixel| pixel.0).collect::<Vec<_>>());
    *last = Some(((width, height), pixels.clone()));
    Ok(pixels)
}

pub fn gray() -> Workload {
    fn launch<'a>(rt: &'a Runtime, pixels: &'a Array<[u8; 3]>) -> Launch<'a, 'a, kernels::gray> {
        rt.map::<kernels::gray>(pixels)
    }
    Workload {
        name: "gray",
        about: "the brightness of a photograph's pixels",
        quick: Domain::from(QUICK),
        sizes: grids([(600, 400), (1920, 1080), QUICK]),
        // The scaling works in floats.
        memory: 24,
        is_grid: true,
        prepare: Box::new(|rt, domain| {
            let shape = (domain.width(), domain.len() / domain.width());
            let pixels = photograph(shape.0, shape.1)?;
            Ok(Box::new(Data {
                domain,
                inputs: rt.picture(pixels.to_vec(), shape)?,
                output: None,
                expected: OnceCell::new(),
                run: |rt, pixels, output, target| into(launch(rt, pixels).on(target), output),
                reference: |pixels: &Array<[u8; 3]>| Ok(naive::gray(&pixels.read()?)),
                check: |got, want: &Vec<u8>| check(got, want, colour::GRAY.tolerance),
                work: |n, _| Work {
                    bytes: colour::GRAY.cost.total_bytes(n),
                    flops: None,
                    uploads: vec![bytes::<[u8; 3]>(n)],
                    downloads: vec![bytes::<u8>(n)],
                },
                plan: |rt, pixels, target| launch(rt, pixels).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::gray>(),
    }
}

pub fn sobel() -> Workload {
    fn launch<'a>(rt: &'a Runtime, cells: &'a Array<u8>) -> Launch<'a, 'a, kernels::sobel> {
        rt.map::<kernels::sobel>(cells)
    }
    Workload {
        name: "sobel",
        about: "the edges of a photograph: a stencil of 3 x 3",
        quick: Domain::from(QUICK),
        sizes: grids([(600, 400), (1920, 1080), QUICK]),
        memory: 24,
        is_grid: true,
        prepare: Box::new(|rt, domain| {
            let shape = (domain.width(), domain.len() / domain.width());
            let cells = naive::gray(&photograph(shape.0, shape.1)?);
            Ok(Box::new(Data {
                domain,
                inputs: rt.picture(cells, shape)?,
                output: None,
                expected: OnceCell::new(),
                run: |rt, cells, output, target| into(launch(rt, cells).on(target), output),
                reference: |cells: &Array<u8>| {
                    let shape = (cells.domain().width(), cells.len() / cells.domain().width());
                    Ok(naive::sobel(&cells.read()?, shape))
                },
                check: |got, want: &Vec<u8>| check(got, want, edges::SOBEL.tolerance),
                work: |n, _| Work {
                    bytes: edges::SOBEL.cost.total_bytes(n),
                    flops: None,
                    uploads: vec![bytes::<u8>(n)],
                    downloads: vec![bytes::<u8>(n)],
                },
                plan: |rt, cells, target| launch(rt, cells).on(target).plan(),
            }))
        }),
        text: Text::of::<kernels::sobel>(),
    }
}
