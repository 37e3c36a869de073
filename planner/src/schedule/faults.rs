//! Everything that is wrong with an order and cuts, for whoever makes a plan by hand.

use super::{Instance, Invalid};

/// All reasons why order and cuts are no valid plan, path by path; none where they are one.
///
/// [`Instance::check`] gives the first of them alone, and is what searches ask.
pub fn faults(instance: &Instance, order: &[usize], cuts: &[usize]) -> Vec<Invalid> {
    let count = instance.paths().len();
    if order.len() != count || cuts.len() != count {
        return vec![Invalid::Count { paths: count, order: order.len(), cuts: cuts.len() }];
    }
    let mut faults = Vec::new();
    // By path: its place in the order, from 1; 0 where it has none.
    let mut places = vec![0; count];
    for (index, &path) in order.iter().enumerate() {
        match places.get_mut(path) {
            Some(place) if *place == 0 => *place = index + 1,
            _ => faults.push(Invalid::NotAnOrder { path }),
        }
    }
    for (path, known) in instance.paths().iter().enumerate() {
        let (cut, len) = (cuts[path], known.len);
        if cut > len {
            faults.push(Invalid::CutTooLate { path, cut, len });
        }
        for &needs in instance.needs(path) {
            if places[needs] > places[path] {
                faults.push(Invalid::BeforeItsNeeds { path, needs });
            }
            if cut > 0 && cuts[needs] < instance.paths()[needs].len {
                faults.push(Invalid::BackFromServer { path, needs });
            }
        }
    }
    faults
}
