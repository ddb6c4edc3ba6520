//! How much of the spread between locations is real: the two variances of the model, and how sure we are of them.
//!
//! `y_ij = μ_g + u_i + e_ij`: visit `j` to location `i` of group `g`; `u_i` has variance τ² (locations differ), `e_ij` has σ²
//! (visits to one location differ). Only the ratio `λ = τ²/σ²` has to be searched for: given λ, the best σ² has a closed form.
//! Not here: what follows for a single location (`shrink.rs`).

use super::normal::{exp_of_negative, ln};

/// What the model sees of one location, in percentage points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Dense number of the group; equal groups stand next to each other.
    pub group: usize,
    pub mean: f64,
    /// The mean's variance around the location's true mean is `σ² / visits`.
    pub visits: f64,
}

/// All that is known about a programme in one period.
#[derive(Debug)]
pub struct Sample {
    pub observations: Vec<Observation>,
    /// Sum of squares of visits around their own location's mean.
    within_squares: f64,
    /// Visits minus locations: what speaks for σ² alone.
    within_df: f64,
    /// Locations minus groups: what speaks for τ².
    between_df: f64,
    /// 1/ñ, where ñ is the harmonic mean of the numbers of visits.
    visits_inverse: f64,
}

/// One pair of variances that the data allow, and how strongly.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// τ²/σ².
    pub ratio: f64,
    /// σ², the expected one at this ratio.
    pub sigma2: f64,
    /// Posterior probability; over all nodes they add to 1.
    pub weight: f64,
}

/// What the data say about the variances.
#[derive(Debug)]
pub struct Spread {
    pub nodes: Vec<Node>,
    /// Degrees of freedom left for σ² at any ratio: visits minus groups.
    pub df: f64,
}

impl Spread {
    fn certain(sigma2: f64, df: f64) -> Self {
        let node = Node {
            ratio: 0.0,
            sigma2,
            weight: 1.0,
        };
        Self {
            nodes: vec![node],
            df,
        }
    }

    fn normalised(mut nodes: Vec<Node>, df: f64) -> Self {
        let sum: f64 = nodes.iter().map(|node| node.weight).sum();
        nodes.iter_mut().for_each(|node| node.weight /= sum);
        Self { nodes, df }
    }
}

/// The two parts of the restricted likelihood at one λ, as written at [`Sample::likelihood`].
struct Restricted {
    /// `Q`: squares of which σ² is made.
    squares: f64,
    /// `Σ ln(1+nᵢλ) + Σ_g ln Σ wᵢ`.
    logs: f64,
}

/// No score between 0 and 100 points can vary more than this (Popoviciu's inequality): (100/2)².
const VARIANCE_MAX: f64 = 2_500.0;
/// Less than what a single score off by one millionth adds; below it all is rounding.
const SQUARES_MIN: f64 = 1e-10;
/// Fewer than five locations in one group, and REML's τ² is hardly better than a guess.
const BETWEEN_DF_MIN: f64 = 4.0;
const CELLS: usize = 32;
/// Cells whose likelihood is below e⁻¹⁴, a millionth, of the best are left out.
const NEGLIGIBLE: f64 = -14.0;
/// In place of no shrinkage at all, where λ would be infinite.
const SHRINKAGE_MIN: f64 = 1e-15;

const TOO_FEW_VISITS: &str = "There are too few visits to say how sure the scores are: the intervals are as wide as they can be.";
const ALL_ALIKE: &str = "All visits scored alike, so the intervals have no width; that is no proof that the next visit will score the same.";
const NO_REPEATS: &str = "No two visits to one location differ, so chance and real differences cannot be told apart: every split is averaged over.";
const TOO_FEW_LOCATIONS: &str = "There are too few locations to say how much they differ: everything between 'not at all' and 'entirely' is averaged over.";

impl Sample {
    /// `observations` sorted by group, none with 0 visits; `within_df` is visits minus locations.
    pub fn new(observations: Vec<Observation>, within_squares: f64, within_df: f64) -> Self {
        let locations = observations.len();
        let groups = observations.chunk_by(|a, b| a.group == b.group).count();
        let visits_inverse =
            observations.iter().map(|o| 1.0 / o.visits).sum::<f64>() / locations as f64;
        Self {
            observations,
            within_squares,
            within_df,
            between_df: (locations - groups) as f64,
            visits_inverse,
        }
    }

    /// Variances by REML (Patterson and Thompson, Biometrika 58, 1971): the λ that makes the data likeliest after the group means
    /// are taken out. Returns `(τ², σ²)`; τ² is 0 when locations differ no more than chance alone would make them.
    ///
    /// The search is over the shrinkage `b = 1/(1+ñλ)` of a typical location, which runs from 0 to 1, so that both ends
    /// (`λ = ∞` and `λ = 0`) are ordinary points and no starting value can be wrong.
    pub fn reml(&self) -> (f64, f64) {
        let (mut low, mut high, mut best) = (0.0, 1.0, 1.0);
        while high - low > 1e-9 * high && high > SHRINKAGE_MIN {
            let step = (high - low) / 16.0;
            // Downwards, so that 1 itself is tried, where τ² is exactly 0.
            let points = (0..=16).map(|i| high - f64::from(i) * step);
            best = points
                .map(|b| (self.likelihood(b), b))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map_or(best, |likeliest| likeliest.1);
            (low, high) = ((best - step).max(0.0), (best + step).min(1.0));
        }
        self.variances(best)
    }

    /// `(τ², σ²)` when a typical location is shrunk by `b`.
    fn variances(&self, shrinkage: f64) -> (f64, f64) {
        let ratio = self.ratio(shrinkage);
        let sigma2 = self.restricted(ratio).squares / self.df();
        (ratio * sigma2, sigma2)
    }

    /// The posterior of the variances when, before the data, every shrinkage `b` from 0 to 1 is held equally likely
    /// (Strawderman 1971; Daniels, Canadian Journal of Statistics 27, 1999) and nothing is known about the group means. It is then
    /// proportional to the restricted likelihood, so REML is where it is highest.
    ///
    /// About σ² as much is assumed as one visit could tell (a unit information prior: Kass and Wasserman, JASA 90, 1995): that visit
    /// lies as far from its location's mean as visits lie apart altogether. Without it, three pairs of visits that happen
    /// to score the same would prove that chance plays no part.
    ///
    /// The range of `b` is cut into cells; cells that do not matter are dropped and the rest is cut again.
    pub fn spread(&self) -> Spread {
        let df = self.df();
        if df < 1.0 {
            return Spread::certain(VARIANCE_MAX, f64::INFINITY);
        }
        if self.all_alike() {
            return Spread::certain(0.0, df);
        }
        let assumed = self.restricted(0.0).squares / df;
        let (mut low, mut high) = (0.0, 1.0);
        loop {
            let step = (high - low) / CELLS as f64;
            let cell = |i: usize| {
                let ratio = self.ratio(low + (i as f64 + 0.5) * step);
                let found = self.restricted(ratio);
                let squares = found.squares + assumed;
                Node {
                    ratio,
                    sigma2: squares / (df + 1.0),
                    weight: -0.5 * ((df + 1.0) * ln(squares) + found.logs),
                }
            };
            let mut nodes: Vec<Node> = (0..CELLS).map(cell).collect();
            let best = nodes
                .iter()
                .fold(f64::NEG_INFINITY, |best, node| best.max(node.weight));
            let matters = |node: &Node| node.weight - best > NEGLIGIBLE;
            let first = nodes.iter().position(matters).unwrap_or(0);
            let last = nodes.iter().rposition(matters).unwrap_or(CELLS - 1);
            if last - first >= CELLS / 3 || step < SHRINKAGE_MIN {
                nodes
                    .iter_mut()
                    .for_each(|node| node.weight = exp_of_negative(node.weight - best));
                return Spread::normalised(nodes, df);
            }
            (low, high) = (
                (low + (first as f64 - 1.0) * step).max(0.0),
                (low + (last as f64 + 2.0) * step).min(1.0),
            );
        }
    }

    /// Why the variances cannot be estimated well, in plain English; None when they can.
    pub fn doubt(&self) -> Option<&'static str> {
        if self.df() < 1.0 {
            Some(TOO_FEW_VISITS)
        } else if self.all_alike() {
            Some(ALL_ALIKE)
        } else if self.within_squares < SQUARES_MIN {
            Some(NO_REPEATS)
        } else if self.between_df < BETWEEN_DF_MIN {
            Some(TOO_FEW_LOCATIONS)
        } else {
            None
        }
    }

    /// `(τ², σ²)` in the middle of what `spread` holds possible: at its mean shrinkage. For when REML says little.
    pub fn middle(&self, spread: &Spread) -> (f64, f64) {
        match spread.nodes.as_slice() {
            [only] => (only.ratio * only.sigma2, only.sigma2),
            nodes => self.variances(
                nodes
                    .iter()
                    .map(|n| n.weight / (1.0 + n.ratio / self.visits_inverse))
                    .sum(),
            ),
        }
    }

    /// Degrees of freedom of σ² at a given λ: visits minus groups.
    fn df(&self) -> f64 {
        self.within_df + self.between_df
    }

    /// Whether every visit has the same score as the others of its group: then nothing can be said about spread.
    fn all_alike(&self) -> bool {
        self.restricted(0.0).squares < SQUARES_MIN
    }

    /// The restricted log-likelihood where a typical location is shrunk by `b`, with σ² at its best and up to a constant:
    /// `-2ℓ = ν ln Q + Σ ln(1+nᵢλ) + Σ_g ln Σ wᵢ`, `Q = W + Σ wᵢ(ȳᵢ-μ̂_g)²`, `wᵢ = nᵢ/(1+nᵢλ)`, `ν` = visits minus groups
    /// (Searle, Casella and McCulloch, Variance Components, 1992, chapter 6).
    fn likelihood(&self, shrinkage: f64) -> f64 {
        let found = self.restricted(self.ratio(shrinkage));
        -0.5 * (self.df() * ln(found.squares.max(f64::MIN_POSITIVE)) + found.logs)
    }

    fn restricted(&self, ratio: f64) -> Restricted {
        let mut squares = self.within_squares;
        let mut logs = 0.0;
        // One logarithm for many factors: their product is taken first, as long as it fits.
        let mut product = 1.0;
        for group in self.observations.chunk_by(|a, b| a.group == b.group) {
            let weight = |o: &Observation| o.visits / (1.0 + o.visits * ratio);
            let (mut weights, mut weighted) = (0.0, 0.0);
            for o in group {
                let w = weight(o);
                weights += w;
                weighted += w * o.mean;
                product *= 1.0 + o.visits * ratio;
                if product > 1e200 {
                    logs += ln(product);
                    product = 1.0;
                }
            }
            let mean = weighted / weights;
            squares += group
                .iter()
                .map(|o| weight(o) * (o.mean - mean) * (o.mean - mean))
                .sum::<f64>();
            logs += ln(weights);
        }
        logs += ln(product);
        Restricted { squares, logs }
    }

    /// λ at which a location with a typical number of visits is shrunk by `b`; typical is the harmonic mean ñ.
    fn ratio(&self, shrinkage: f64) -> f64 {
        let b = shrinkage.clamp(SHRINKAGE_MIN, 1.0);
        (1.0 - b) / b * self.visits_inverse
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A sample of visits, written as `(group, scores)` for each location.
    pub fn sample(locations: &[(usize, &[f64])]) -> Sample {
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        let squares = |scores: &[f64]| {
            scores
                .iter()
                .map(|score| (score - mean(scores)).powi(2))
                .sum::<f64>()
        };
        let observations = locations.iter().map(|&(group, scores)| Observation {
            group,
            mean: mean(scores),
            visits: scores.len() as f64,
        });
        let within_squares = locations.iter().map(|(_, scores)| squares(scores)).sum();
        let within_df = locations
            .iter()
            .map(|(_, scores)| scores.len() as f64 - 1.0)
            .sum();
        Sample::new(observations.collect(), within_squares, within_df)
    }

    /// Many locations: `count` times the same five.
    fn many(count: usize) -> Sample {
        let five: [(usize, &[f64]); 5] = [
            (0, &[70.0, 82.0]),
            (0, &[80.0, 91.0, 85.0]),
            (0, &[60.0, 71.0]),
            (0, &[66.0, 60.0, 75.0, 61.0]),
            (0, &[77.0, 79.0]),
        ];
        sample(&five.repeat(count))
    }

    #[test]
    fn what_is_held_possible_surrounds_reml_and_closes_in_on_it() {
        let mut width_before = f64::INFINITY;
        for count in [2, 20, 200, 2000] {
            let sample = many(count);
            let (tau2, sigma2) = sample.reml();
            let spread = sample.spread();
            let nodes = &spread.nodes;
            assert!((nodes.iter().map(|node| node.weight).sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(nodes.iter().filter(|node| node.weight > 1e-3).count() >= 8);
            let likeliest = nodes
                .iter()
                .max_by(|a, b| a.weight.total_cmp(&b.weight))
                .expect("there are nodes");
            let shrinkage = |ratio: f64| 1.0 / (1.0 + ratio / sample.visits_inverse);
            let width = shrinkage(nodes[CELLS - 1].ratio) - shrinkage(nodes[0].ratio);
            assert!(
                (shrinkage(likeliest.ratio) - shrinkage(tau2 / sigma2)).abs()
                    <= width / CELLS as f64
            );
            assert!(width <= width_before);
            width_before = width;
        }
        assert!(width_before < 0.1);
    }

    /// With one visit each, the data cannot split chance from difference: nothing is ruled out, and more than half is put down to chance.
    #[test]
    fn without_repeats_every_split_stays_possible() {
        let scores = [70.0, 80.0, 65.0, 90.0, 77.0, 71.0];
        let single = sample(
            &scores
                .each_ref()
                .map(|score| (0, std::slice::from_ref(score))),
        );
        let spread = single.spread();
        let possible = |node: &Node| (0.1..2.0).contains(&(node.weight * CELLS as f64));
        assert!(spread.nodes[2..].iter().all(possible), "{:?}", spread.nodes);
        let (tau2, sigma2) = single.middle(&spread);
        assert!((0.3..1.0).contains(&(tau2 / sigma2)));
        assert_eq!(single.doubt(), Some(NO_REPEATS));
    }

    #[test]
    fn doubts_are_named() {
        let doubt = |locations: &[(usize, &[f64])]| sample(locations).doubt().unwrap_or("none");
        assert!(doubt(&[(0, &[70.0]), (1, &[80.0])]).starts_with("There are too few visits"));
        assert!(
            doubt(&[(0, &[70.0, 70.0]), (0, &[70.0]), (1, &[0.1, 0.1])])
                .starts_with("All visits scored alike")
        );
        assert!(
            doubt(&[(0, &[70.0, 72.0]), (0, &[75.0]), (0, &[71.0]), (0, &[69.0])])
                .starts_with("There are too few locations")
        );
        let one: (usize, &[f64]) = (0, &[71.0]);
        assert_eq!(doubt(&[(0, &[70.0, 72.0]), one, one, one, one]), "none");
    }

    /// That a few pairs of visits score the same is no proof that chance plays no part; that many do is.
    #[test]
    fn equal_scores_are_proof_only_in_numbers() {
        let few = sample(&[
            (0, &[70.0; 2]),
            (0, &[80.0; 2]),
            (0, &[65.0]),
            (0, &[90.0]),
            (0, &[60.0]),
        ]);
        assert_eq!(few.doubt(), Some(NO_REPEATS));
        let (tau2, sigma2) = few.middle(&few.spread());
        assert!(
            sigma2 > 0.1 * tau2 && tau2 > 0.1 * sigma2,
            "{tau2} {sigma2}"
        );
        let many = sample(&[
            (0, &[70.0; 20]),
            (0, &[80.0; 20]),
            (0, &[65.0; 20]),
            (0, &[90.0; 20]),
        ]);
        let (tau2, sigma2) = many.middle(&many.spread());
        assert!(sigma2 < 0.02 * tau2, "{tau2} {sigma2}");
    }
}
