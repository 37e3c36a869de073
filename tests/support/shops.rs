//! Shops so small that all their sequences can be gone through.

use super::Draw;
use offcut::search::exact::{Choice, Class, Shop};

impl Draw {
    /// A shop of at most four jobs. Times are small, so that many of them are equal or nothing.
    pub fn shop(&mut self) -> Shop {
        let tail = self.chance(0.5).then(|| u64::from(self.up_to(6)));
        let mut left = self.between(2, 4) as usize;
        let mut classes = Vec::new();
        while left > 0 {
            let count = left.min(self.of(&[1, 1, 2]));
            left -= count;
            let choices = (0..self.between(1, 3)).map(|_| self.choice(tail.is_some())).collect();
            classes.push(Class { count, choices });
        }
        let device_ready = self.of(&[0, 0, 3]);
        let sent = device_ready + self.of(&[0, 0, 4]);
        Shop { slots: [self.of(&[1, 1, 2]), self.of(&[1, 1, 2])], device_ready, sent, tail, classes }
    }

    /// What begins and ends anywhere; results are sent back where nothing follows.
    fn choice(&mut self, something_follows: bool) -> Choice {
        let [device, upload, server, download] = [9, 9, 9, 3].map(|most| u64::from(self.up_to(most)));
        let (on_device, on_server) = self.of(&[(false, true), (true, true), (true, false)]);
        Choice {
            device: on_device.then_some(device),
            upload: if on_server || something_follows { upload } else { 0 },
            server: on_server.then_some(server),
            download: if on_server && !something_follows { download } else { 0 },
        }
    }
}
