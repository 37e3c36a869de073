//! One sort for everything: each further type that is sorted by itself would add some kilobytes to
//! what the page loads.

use std::cmp::Ordering;

/// Positions `0..count` in the order of what they stand for; equal ones keep their order.
pub fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        merged.clear();
        for start in (0..count).step_by(2 * run) {
            let middle = count.min(start + run);
            merge(&positions[start..middle], &positions[middle..count.min(middle + run)], compare, &mut merged);
        }
        std::mem::swap(&mut positions, &mut merged);
        run *= 2;
    }
    positions
}

fn merge(left: &[usize], right: &[usize], compare: &dyn Fn(usize, usize) -> Ordering, merged: &mut Vec<usize>) {
    let mut rest = right.iter().peekable();
    for &position in left {
        while let Some(&other) = rest.next_if(|&&other| compare(other, position).is_lt()) {
            merged.push(other);
        }
        merged.push(position);
    }
    merged.extend(rest);
}

/// Positions `0..keys.len()` by their keys; equal ones keep their order. Byte by byte, from the last one that counts:
/// many numbers are in order far sooner than by comparing two at a time.
pub fn ascending(keys: &[u64]) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..keys.len()).collect();
    let differing = keys.iter().fold(0, |bits, key| bits | (key ^ keys[0]));
    let mut placed = positions.clone();
    for shift in (0..u64::BITS).step_by(8).filter(|shift| (differing >> shift) as u8 != 0) {
        let byte = |position: usize| usize::from((keys[position] >> shift) as u8);
        let mut places = [0; 257];
        positions.iter().for_each(|&position| places[byte(position) + 1] += 1);
        (1..places.len()).for_each(|at| places[at] += places[at - 1]);
        for &position in &positions {
            let place = &mut places[byte(position)];
            placed[*place] = position;
            *place += 1;
        }
        std::mem::swap(&mut positions, &mut placed);
    }
    positions
}

/// The items, sorted; equal ones keep their order.
pub fn sorted<T: Ord + Clone>(items: &[T]) -> Vec<T> {
    order(items.len(), &|a, b| items[a].cmp(&items[b])).into_iter().map(|at| items[at].clone()).collect()
}

/// Sorts a few items in place.
pub fn sort_few<T: Ord>(items: &mut [T]) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && items[at] < items[at - 1] {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_agree() {
        let mut items: Vec<u32> = (0..50u32).map(|i| i * 37 % 23).collect();
        let mut right = items.clone();
        right.sort_unstable();
        assert_eq!(sorted(&items), right);
        sort_few(&mut items);
        assert_eq!(items, right);
        let keys: Vec<u64> = (0..700).map(|i| i * 0x9e37_79b9 % 611 * 0x0101_0003_0507).collect();
        assert_eq!(ascending(&keys), order(keys.len(), &|a, b| keys[a].cmp(&keys[b])));
        assert_eq!((ascending(&[]), ascending(&[7, 7])), (vec![], vec![0, 1]));
        assert_eq!(order(4, &|a, b| [1, 0, 1, 0][a].cmp(&[1, 0, 1, 0][b])), [1, 3, 0, 2]);
    }
}
