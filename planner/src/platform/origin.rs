//! Where the presets' numbers come from. In a function of its own: who does not tell of it does not carry it.

/// The source of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// ncnn's list, four threads.
    FourThreads,
    /// ncnn's list, on the CPU.
    OnCpu,
    /// ncnn's list, on the GPU.
    OnGpu,
    /// ncnn's list, on a GPU that overhead bounds.
    OverheadBound,
    /// ncnn's list, four Snapdragons together.
    Snapdragon,
    /// esp-nn's readme.
    EspNn,
    /// MLPerf Tiny's results.
    MlperfTiny,
    /// Rates that papers take from each other.
    Literature,
    /// EdgeLD's test bed.
    Ethernet,
    /// The user's own numbers.
    Own,
    /// LTE as measured in 2012.
    Huang2012,
    /// Mobile, world mean.
    OoklaMobile,
    /// The literature's Wi-Fi with a latency.
    HomeWifi,
    /// 5G, measured in 2022.
    Cellsmart,
    /// Fixed broadband.
    OoklaFixed,
    /// Wi-Fi in a busy band.
    BusyWifi,
}

impl Origin {
    /// In a sentence or two, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::FourThreads => {
                "Fitted to the 12 or 13 whole-network latencies (batch 1, 4 threads) of ncnn's benchmark list \
                 at commit a4d2ea1."
            }
            Self::OnCpu => {
                "Fitted to the 12 or 13 whole-network latencies (batch 1, on the CPU) of ncnn's benchmark \
                 list at commit a4d2ea1."
            }
            Self::OnGpu => {
                "Fitted to the 12 or 13 whole-network latencies (batch 1, on the GPU) of ncnn's benchmark \
                 list at commit a4d2ea1."
            }
            Self::OverheadBound => {
                "Fitted to the 12 or 13 whole-network latencies (batch 1, on the GPU) of ncnn's benchmark \
                 list at commit a4d2ea1; overhead bounds nearly all of them, so the compute rate is weakly \
                 known."
            }
            Self::Snapdragon => {
                "Fitted to the 12 or 13 whole-network latencies (batch 1, 4 threads) of ncnn's benchmark list \
                 at commit a4d2ea1; over the four Snapdragons the mean error is 0.15 to 0.23."
            }
            Self::EspNn => {
                "From the latency of one int8 network in esp-nn's readme at commit d45b843: a compute rate \
                 only; memory rate and overhead are set so that they do not count."
            }
            Self::MlperfTiny => {
                "From the latency of one int8 network in the MLPerf Tiny v1.0 results: a compute rate only; \
                 memory rate and overhead are set so that they do not count."
            }
            Self::Literature => {
                "Rates used by the DADS and JointDNN line of papers, seen second-hand; they give no latency."
            }
            Self::Ethernet => "EdgeLD's test bed; the downlink rate is the uplink's.",
            Self::Own => "Your own numbers.",
            Self::Huang2012 => {
                "Uplink rate from Huang et al., MobiSys 2012; the latency is from memory, not from the paper; \
                 the downlink rate is set to the uplink's."
            }
            Self::OoklaMobile => {
                "Ookla's world mean of September 2020, as quoted in the press; the downlink rate is set to \
                 the uplink's."
            }
            Self::HomeWifi => {
                "The literature's Wi-Fi rates, seen second-hand, with half of a usual round trip as latency."
            }
            Self::Cellsmart => {
                "Cellsmart's figure of 2022, as quoted in the press; the downlink rate is set to the \
                 uplink's."
            }
            Self::OoklaFixed => {
                "Ookla's figure of September 2020, as quoted in the press; the downlink rate is set to the \
                 uplink's."
            }
            Self::BusyWifi => "iperf measurements of 2022 in a busy band; the downlink rate is set to the uplink's.",
        }
    }
}
