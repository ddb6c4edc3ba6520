//! What follows for each location once the variances are given, and once they are averaged over.
//!
//! Not here: where the variances come from (`spread.rs`) and what the estimates mean for places (`draws.rs`).

use super::normal::{Z95, normal_cdf, t_over_z};
use super::spread::{Observation, Spread};

/// The posterior of one location's true mean at given variances: `mean + own_sd·z + group_sd·z_g`, where `z` is the location's own
/// standard normal and `z_g` is shared by its group. In percentage points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    pub mean: f64,
    pub own_sd: f64,
    pub group_sd: f64,
}

/// An estimate and its standard deviation, in percentage points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub sd: f64,
}

/// The posterior of every location at ratio `λ = τ²/σ²` and variance `σ²`:
///
/// * `B = nλ/(1+nλ)`, which is `τ²/(τ²+σ²/n)`; the mean is `μ̂_g + B(ȳ-μ̂_g)` (Efron and Morris, JASA 70, 1975);
/// * the location's own variance is `B·σ²/n`;
/// * `μ̂_g` is the mean of the group with weights `w = n/(1+nλ)`; its variance `σ²/Σw` reaches the location times `(1-B)²`.
///
/// The sum of the two variances is the posterior variance under a flat prior for `μ_g` (Gelman et al., Bayesian Data Analysis, 5.4).
pub fn shrink(
    observations: &[Observation],
    ratio: f64,
    sigma2: f64,
) -> impl Iterator<Item = Shrunk> {
    observations
        .chunk_by(|a, b| a.group == b.group)
        .flat_map(move |group| {
            let weight = move |o: &Observation| o.visits / (1.0 + o.visits * ratio);
            let weights: f64 = group.iter().map(weight).sum();
            let group_mean = group.iter().map(|o| weight(o) * o.mean).sum::<f64>() / weights;
            let group_mean_sd = (sigma2 / weights).sqrt();
            group.iter().map(move |o| {
                let kept = ratio * weight(o);
                Shrunk {
                    mean: group_mean + kept * (o.mean - group_mean),
                    own_sd: (kept * sigma2 / o.visits).sqrt(),
                    group_sd: (1.0 - kept) * group_mean_sd,
                }
            })
        })
}

/// The posterior mean and standard deviation of every location, averaged over the variances that the data allow.
///
/// The standard deviation holds what each pair of variances leaves open, and how far the pairs disagree
/// (the law of total variance; Kass and Steffey, JASA 84, 1989). It is widened by `t_over_z`, since σ² is itself estimated,
/// so that `mean ± 1.645 sd` is the 90 % interval.
pub fn estimates(observations: &[Observation], spread: &Spread) -> Vec<Estimate> {
    let mut moments = vec![(0.0, 0.0); observations.len()];
    for node in &spread.nodes {
        let posterior = shrink(observations, node.ratio, node.sigma2);
        for ((moment, shrunk), o) in moments.iter_mut().zip(posterior).zip(observations) {
            // From the location's own mean, so that no digits are lost to a large common part.
            let shift = shrunk.mean - o.mean;
            moment.0 += node.weight * shift;
            moment.1 += node.weight
                * (shift * shift
                    + shrunk.own_sd * shrunk.own_sd
                    + shrunk.group_sd * shrunk.group_sd);
        }
    }
    let widen = t_over_z(spread.df);
    let finish = |((shift, square), o): ((f64, f64), &Observation)| Estimate {
        mean: o.mean + shift,
        sd: widen * (square - shift * shift).max(0.0).sqrt(),
    };
    moments.into_iter().zip(observations).map(finish).collect()
}

impl Estimate {
    /// The ends of the 90 % interval.
    pub fn interval(&self) -> (f64, f64) {
        (self.mean - Z95 * self.sd, self.mean + Z95 * self.sd)
    }

    /// The probability that the true value is above 0.
    pub fn chance_above_zero(&self) -> f64 {
        if self.sd > 0.0 {
            normal_cdf(self.mean / self.sd)
        } else if self.mean == 0.0 {
            0.5
        } else {
            f64::from(self.mean > 0.0)
        }
    }

    /// The probability that this location is truly better than `other`, taking the two as independent.
    pub fn chance_above(&self, other: &Self) -> f64 {
        let difference = Self {
            mean: self.mean - other.mean,
            sd: (self.sd * self.sd + other.sd * other.sd).sqrt(),
        };
        difference.chance_above_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::super::spread::Node;
    use super::*;

    /// A group of one has nobody to borrow from: its raw mean stands, whatever τ².
    #[test]
    fn a_group_of_one_keeps_its_mean() {
        let lone = [
            Observation {
                group: 0,
                mean: 91.0,
                visits: 4.0,
            },
            Observation {
                group: 1,
                mean: 60.0,
                visits: 2.0,
            },
        ];
        for ratio in [0.0, 0.5, 1e6] {
            let shrunk: Vec<Shrunk> = shrink(&lone, ratio, 100.0).collect();
            assert!(
                (shrunk[0].mean - 91.0).abs() < 1e-9
                    && (shrunk[0].own_sd.hypot(shrunk[0].group_sd) - 5.0).abs() < 1e-9
            );
        }
    }

    /// Averaging over two pairs of variances by hand: B = 0 with weight ¼, B = ½ with weight ¾.
    #[test]
    fn estimates_average_over_the_variances() {
        let pair = [
            Observation {
                group: 0,
                mean: 60.0,
                visits: 1.0,
            },
            Observation {
                group: 0,
                mean: 80.0,
                visits: 1.0,
            },
        ];
        let nodes = vec![
            Node {
                ratio: 0.0,
                sigma2: 200.0,
                weight: 0.25,
            },
            Node {
                ratio: 1.0,
                sigma2: 100.0,
                weight: 0.75,
            },
        ];
        let found = estimates(
            &pair,
            &Spread {
                nodes,
                df: f64::INFINITY,
            },
        )[0];
        // Means 70 and 65; variances 100 and 50 + 25; between the means 25·¼·¾.
        assert!((found.mean - 66.25).abs() < 1e-12);
        assert!(
            (found.sd - (0.25f64 * 100.0 + 0.75 * 75.0 + 25.0 * 0.1875).sqrt()).abs() < 1e-12,
            "{found:?}"
        );
    }

    #[test]
    fn chances_at_the_edges() {
        let exact = |mean| Estimate { mean, sd: 0.0 };
        assert_eq!(exact(0.0).chance_above_zero(), 0.5);
        assert_eq!(exact(1.0).chance_above_zero(), 1.0);
        assert_eq!(exact(1.0).chance_above(&exact(2.0)), 0.0);
        let (a, b) = (
            Estimate {
                mean: 83.0,
                sd: 3.0,
            },
            Estimate {
                mean: 78.0,
                sd: 4.0,
            },
        );
        assert!(
            (a.chance_above(&b) - 0.841_345).abs() < 1e-6
                && (a.chance_above(&b) + b.chance_above(&a) - 1.0).abs() < 1e-12
        );
    }
}
