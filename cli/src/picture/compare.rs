//! How far a result is from what it was made of: a difference picture, PSNR and SSIM.

use manylane::Result;
use manylane::prelude::*;
use manylane_image::{join, quality};

use super::pixels::{On, Picture};

/// What a comparison found.
pub struct Compared {
    /// How far every value is from the other, without transparency.
    pub difference: Picture,
    /// PSNR and SSIM, for people.
    pub text: String,
}

/// Whether two pictures can be compared.
///
/// # Errors
/// `ShapeMismatch` where their shapes differ.
pub fn can(made: &Picture, original: &Picture) -> Result<()> {
    let ((width, height), (other_width, other_height)) = (made.shape(), original.shape());
    if (width, height) == (other_width, other_height) {
        return Ok(());
    }
    let text = format!(
        "the result is {width}x{height} and cannot be compared with a picture of {other_width}x{other_height}; give \
         `--against` one of its size"
    );
    Err(Error::new(ErrorKind::ShapeMismatch, text))
}

/// Compares two pictures of one shape, channel by channel, transparency too where one of them has it. SSIM is the mean of the
/// channels'; pictures smaller than its window have none.
pub fn compared(on: On<'_>, original: &Picture, made: &Picture) -> Result<Compared> {
    let channels = original.channels().max(made.channels());
    let (a, b) = (original.clone().lifted(on, channels)?, made.clone().lifted(on, channels)?);
    let psnr = match (&a, &b) {
        (Picture::Gray(a), Picture::Gray(b)) => quality::psnr(on.rt, a, b, on.target)?,
        (Picture::Rgb(a), Picture::Rgb(b)) => quality::psnr(on.rt, a, b, on.target)?,
        (Picture::Rgba(a), Picture::Rgba(b)) => quality::psnr(on.rt, a, b, on.target)?,
        _ => unreachable!("both were lifted to as many channels"),
    };
    let planes: Vec<(Array<u8>, Array<u8>)> = a.planes(on)?.into_iter().zip(b.planes(on)?).collect();
    let (width, height) = a.shape();
    let window = 2 * quality::RADIUS + 1;
    let ssim = if width.min(height) < window {
        format!("no SSIM below {window}x{window} pixels")
    } else {
        let mut sum = 0.0;
        for (a, b) in &planes {
            sum += quality::ssim(on.rt, a, b, on.target)?;
        }
        format!("SSIM {:.5}", sum / planes.len() as f64)
    };
    let apart = |plane: usize| quality::apart(on.rt, &planes[plane].0, &planes[plane].1, on.target);
    let difference = if channels == 1 {
        Picture::Gray(apart(0)?)
    } else {
        let args = (&apart(0)?, &apart(1)?, &apart(2)?);
        Picture::Rgb(on.rt.map::<join>(args).on(on.target).run()?)
    };
    let psnr = if psnr.is_finite() { format!("PSNR {psnr:.2} dB") } else { "the same values".to_owned() };
    Ok(Compared { difference, text: format!("{psnr}, {ssim}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_different_kinds() -> Result<()> {
        let rt = Runtime::new()?;
        let on = On { rt: &rt, target: Target::Scalar };
        let gray = Picture::Gray(rt.picture(vec![10; 4], (2, 2))?);
        let colour = Picture::Rgb(rt.picture(vec![[10, 13, 6]; 4], (2, 2))?);
        let same = compared(on, &gray, &gray)?;
        assert_eq!(same.text, "the same values, no SSIM below 11x11 pixels");
        let found = compared(on, &gray, &colour)?;
        let Picture::Rgb(difference) = found.difference else { panic!("in colour") };
        assert_eq!(difference.to_vec()?, [[0, 3, 4]; 4]);
        // 255 squared by 25 / 3.
        assert!(found.text.starts_with("PSNR 38.92 dB"), "{}", found.text);
        let clear = Picture::Rgba(rt.picture(vec![[10, 10, 10, 0]; 4], (2, 2))?);
        assert!(compared(on, &clear, &gray)?.text.starts_with("PSNR 6.02 dB"));
        let large = Picture::Gray(rt.picture(vec![0; 400], (20, 20))?);
        assert_eq!(compared(on, &large, &large)?.text, "the same values, SSIM 1.00000");
        assert!(can(&gray, &large).expect_err("other shapes").to_string().contains("2x2"));
        Ok(())
    }
}
