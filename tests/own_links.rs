//! Links that hold a network, a device, a plan space of one's own: they give what their documents give.

use offcut::formats::{self, Method, ModelFile, Scenario, read_model, read_scenario};
use offcut::job::{self, Task, recorded, search};
use offcut::opened::open_plan;
use offcut::parcel;
use offcut::search::Unwatched;
use offcut::sheet::task::{TaskError, task};
use offcut::situation::{LinkError, Situation, own};
use offcut::zoo;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

const TINY: &str = r#"{"format":"offcut-model/1","name":"Zwei & <b>","input":{"channels":3,"height":32,"width":32},
    "layers":[{"name":"c 1","op":"conv","out_channels":8,"kernel":3,"padding":1,"measured_ms":{"device":2.5}},
    {"name":"c;2","op":"conv","out_channels":8,"kernel":3,"padding":1},{"name":"fc","op":"linear","out_features":10}]}"#;

/// A situation as page and worker see it.
fn planned(situation: &Situation) -> Result<Task, TaskError> {
    let network = situation.own.as_deref().map(|packed| own::network(packed).expect("sound"));
    task(situation, &network.as_ref().map(parcel::write).unwrap_or_default())
}

fn scenario_of(situation: &Situation) -> Scenario {
    own::scenario(situation).expect("sound").resolve().expect("sound")
}

#[test]
fn a_link_with_a_network_is_planned_like_its_document() {
    let network = read_model(TINY).expect("sound");
    let mut situation = Situation::default();
    situation.set_own(&own::packed(&network));
    let link = situation.to_fragment();
    assert!(link.starts_with("#/plan?v=1&m=") && link.len() < 400, "{link}");
    let opened = Situation::from_fragment(&link).expect("its own link");
    assert_eq!(opened, situation);
    let (of_page, of_file) = (planned(&opened).expect("it can be planned"), scenario_of(&opened));
    assert!(of_page == Task::from(&of_file));
    assert!(of_page.network == network, "to the last name and measured time");
}

/// What the page hands out as its plan is what the command line computes of its link.
#[test]
fn a_recorded_plan_is_the_solved_one() {
    for (link, methods) in [
        ("#/plan", &Method::ALL[..]),
        ("#/plan?v=1&model=mobilenet-v2&method=nfl", &[Method::Psomw, Method::Mw, Method::Exact][..]),
        ("#/plan?v=1&model=alexnet&device=esp32&server_slots=2&return_result=1", &[Method::Psomw, Method::Exact][..]),
        ("#/plan?v=1&model=squeezenet1.1&blocks=2&particles=10&iterations=20", &[Method::Psomw][..]),
    ] {
        let situation = Situation::from_fragment(link).expect("a link");
        let (task, scenario) = (planned(&situation).expect("sound"), scenario_of(&situation));
        let searched = search(&task, &mut Unwatched);
        for &method in methods.iter().filter(|&&method| method != Method::BruteForce) {
            let recorded = recorded(&scenario, &searched, method).expect("it ran");
            let solved = job::solve(&scenario, method, &mut Unwatched).expect("it runs");
            assert!(recorded.to_text() == solved.to_text(), "{link} {method:?}");
        }
    }
}

/// A scenario document becomes a link, and the link the same problem again.
#[test]
fn scenarios_become_links_and_come_back() {
    let mut generator = Pcg64Mcg::seed_from_u64(7);
    let mut own_networks = 0;
    for round in 0..300 {
        let mut pick = |most: u32| generator.random_range(0..=most);
        let model = match round % 3 {
            0 => TINY.to_owned(),
            _ => format!("\"{}\"", zoo::NETWORKS[round % zoo::NETWORKS.len()].id),
        };
        let name = ["Raspberry Pi 3B+", "Größe 1 & \\\"co\\\"", "", "ESP32-S3"][round % 4];
        let text = format!(
            r#"{{"format":"offcut-scenario/1","model":{model},
            "device":{{"name":"{name}","gflops":{}.{:03},"memory_gb_per_s":{}.5,"overhead_us":{}.001,"slots":{},"memory_mb":{}.3}},
            "server":{{"name":"{name}","gflops":{},"memory_gb_per_s":{},"overhead_us":0,"slots":1}},
            "network":{{"name":"{name}","uplink_mbps":{}.125,"latency_ms":{}.000001,"return_result":{},"downlink_mbps":{}}},
            "data":{{"bytes_per_element":{},"input_bytes_per_element":1,"wire_bytes_per_element":2}},
            "space":{{"max_fused_blocks":{},"grids":[[1,2],[{},1]],"fusible":[[0,1]],"uneven":{},"step":{}}},
            "search":{{"method":"{}","seed":{},"particles":{},"iterations":3}}}}"#,
            1 + pick(99),
            pick(999),
            1 + pick(30),
            pick(500),
            1 + pick(4),
            100 + pick(900),
            100 + pick(9000),
            10 + pick(100),
            1 + pick(100),
            pick(30),
            pick(1) > 0,
            1 + pick(50),
            1 + pick(3),
            1 + pick(2),
            1 + pick(5),
            pick(1) > 0,
            1 + pick(7),
            ["mw", "psomw", "exact"][round % 3],
            pick(9999),
            2 + pick(30),
        );
        let scenario = read_scenario(&text).unwrap_or_else(|problems| panic!("{problems} {text}"));
        let situation = own::of_scenario(&scenario).expect("the page has a control for all of it");
        own_networks += u32::from(situation.own.is_some());
        let again = Situation::from_fragment(&situation.to_fragment()).expect("its own link");
        assert_eq!(again, situation);
        assert!(Task::from(&scenario_of(&again)) == Task::from(&scenario), "{}", situation.to_fragment());
        assert!(planned(&again).expect("sound") == Task::from(&scenario), "{}", situation.to_fragment());
        assert_eq!(own::of_scenario(&scenario_of(&again)).expect("the same"), situation);
        let names = |scenario: &Scenario| scenario.spelled_out.device.clone();
        if let (formats::Reference::Whole(first), formats::Reference::Whole(second)) =
            (names(&scenario), names(&scenario_of(&again)))
        {
            assert_eq!(first.name, second.name);
        }
    }
    assert_eq!(own_networks, 100, "networks of the zoo stay the zoo's");
}

#[test]
fn what_the_page_has_no_control_for_is_told() {
    let text = r#"{"format":"offcut-scenario/1","model":"vgg16","device":{"gflops":1,"memory_gb_per_s":1,"slots":40}}"#;
    let error = own::of_scenario(&read_scenario(text).expect("sound")).expect_err("40 slots");
    assert_eq!(error.0[0].pointer, "/device/slots");
    let text = error.to_string();
    assert!(text.starts_with("E044") && text.contains("1 to 16") && text.contains("command line"), "{text}");
}

#[test]
fn an_opened_plan_leads_to_its_link() {
    let situation = Situation::from_fragment("#/plan?v=1&model=tiny-yolov2&device=raspberry-pi-4b&uplink_mbps=40");
    let situation = situation.expect("a link");
    let plan = job::solve(&scenario_of(&situation), Method::Psomw, &mut Unwatched).expect("it runs");
    let opened = open_plan(&plan.to_text()).expect("its own document");
    assert_eq!(opened.disagreements, Vec::new());
    assert_eq!(own::of_scenario(&opened.scenario).expect("sound"), situation);
    let text = opened.plan.expect("a plan");
    let mut with_plan = situation;
    with_plan.looks = vec![("p".to_owned(), text)];
    assert_eq!(Situation::from_fragment(&with_plan.to_fragment()), Ok(with_plan.clone()));
    assert!(!with_plan.planned().contains("&p="), "a plan by hand causes no new search");
}

#[test]
fn bad_links_are_told_of() {
    let opened = |query: &str| Situation::from_fragment(&format!("#/plan?v=1&{query}"));
    assert!(matches!(opened("m=%3Cb%3E"), Err(LinkError::Look(key)) if key == "m"));
    assert!(matches!(opened("p=%20"), Err(LinkError::Look(key)) if key == "p"));
    assert_eq!(opened("grids=1-2"), Err(LinkError::Entry("grids")));
    assert_eq!(opened("fusible=1x2"), Err(LinkError::Entry("fusible")));
    assert_eq!(opened(&format!("device_name={}", "x".repeat(65))), Err(LinkError::Entry("device_name")));
    for query in ["grids=0x1", "grids=99999x99999", "fusible=3-3", "fusible=9-2", "fusible=0-4000000000"] {
        assert_eq!(planned(&opened(query).expect("its form is right")), Err(TaskError::Space), "{query}");
    }
    let cut = own::packed(&read_model(TINY).expect("sound"));
    for (packed, word) in [(&cut[..cut.len() / 2], "cut short"), ("AAAA", "link"), ("", "cut short")] {
        let error = own::network(packed).expect_err("no model").to_string();
        assert!(error.contains(word), "{error}");
    }
    let foreign = offcut::link_codec::pack("{\"format\":\"offcut-model/9\"}");
    assert!(own::network(&foreign).expect_err("from later").to_string().contains("offcut-model/9"));
    let bomb = offcut::link_codec::pack(&" ".repeat((2 << 20) + 1));
    assert!(own::network(&bomb).expect_err("a bomb").to_string().contains("larger than 2 MB"));
}

/// Published links open for ever; this list only grows.
#[test]
fn every_link_ever_published_opens() {
    let model = own::packed(&read_model(TINY).expect("sound"));
    let packed = "q1ZKyy_KTSxRslLKT0tLLi3Rzc1PSc3RN1TSUcpLzE0FipeU5ysk5-eVFesowJlKtQAyzROK";
    for link in [
        "#/plan?v=1&model=tiny-yolov2&device=raspberry-pi-3b+&server=rtx-2080&network=home-wifi&uplink_mbps=31&seed=2",
        "#/embed/fusion?v=1&model=vgg16&tile=3&hide=uplink_mbps,model&lock=device&with=nfl",
        "#/models?v=1&model=googlenet",
        "#/plan?v=1&model=tiny-yolov2&p=0-9:0,6,13:0,7,13;10-14~2,0,1,3,4~0,10,10,10,0&step=3",
        "#/plan?v=1&device=own&device_name=My%20board&device_gflops=9&device_memory_kb=520&grids=1x2,4x4&fusible=0-3",
        &format!("#/plan?v=1&m={model}&device=own"),
    ] {
        let situation = Situation::from_fragment(link).unwrap_or_else(|error| panic!("{link}: {error}"));
        assert_eq!(Situation::from_fragment(&situation.to_fragment()), Ok(situation), "{link}");
    }
    assert!(offcut::link_codec::unpack(packed).is_ok(), "as zlib packs it");
    assert_eq!(ModelFile::of(&own::network(&model).expect("sound")).name, "Zwei & <b>");
}
