namespace Efrap.Core.Tests.Policies;

/// <summary>Policies, good and bad, that the reader and the schema must agree on.</summary>
internal static class PolicyTexts
{
    /// <summary>A model's hash.</summary>
    public const string Model = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>One of everything.</summary>
    public const string Full = $$"""
        {
          "$schema": "efrap.policy.schema.json",
          "profile": "strict",
          "withoutCalibration": "warn",
          "indicators": {
            "trigger-probe": { "threshold": 0.4, "required": true },
            "agreement": { "severity": "fail" }
          },
          "waivers": [
            { "model": "{{Model}}", "indicator": "lattice-residual", "reason": "trained with fake quantization", "reviewer": "R. Viewer", "expires": "2027-03-31" }
          ]
        }
        """;

    /// <summary>Texts that both accept.</summary>
    public static IEnumerable<object[]> Good =>
    [
        [Full],
        ["{}"],
        ["""{ "profile": "default" }"""],
        ["""{ "indicators": {}, "waivers": [] }"""],
        ["""{ "verify": { "allow": [] } }"""],
        ["""{ "verify": { "allow": ["nearest", "otherKnown", "unknown"] } }"""],
        ["""{ "indicators": { "trigger-inversion": { "threshold": 1e-3, "severity": "pass", "required": false } } }"""],
    ];

    /// <summary>Texts that both refuse: with what the reader says, and on which line.</summary>
    public static IEnumerable<object[]> Bad =>
    [
        ["[]", "the value is of the wrong kind", 1],
        ["null", "a policy is an object, not null", 1],
        ["{\n \"profil\": \"strict\" }", "at $.profil: there is no such setting", 2],
        ["{\n\n \"profile\": \"stric\" }", "at $.profile: one of \"default\", \"strict\" is expected", 3],
        ["{ \"withoutCalibration\": 1 }", "at $.withoutCalibration: one of \"pass\", \"warn\", \"fail\" is expected", 1],
        ["{ \"verify\": {} }", "'allow' is missing", 1],
        ["{ \"verify\": { \"allow\": [\"unexplained\"] } }", "one of \"nearest\", \"otherKnown\", \"unknown\" is expected", 1],
        ["{ \"indicators\": [] }", "at $.indicators: the value is of the wrong kind", 1],
        ["{ \"indicators\": null }", "at $.indicators: null is no value here", 1],
        ["{ \"indicators\": {\n \"agreemnt\": {} } }", "at $.indicators: there is no indicator \"agreemnt\"; there are lattice-residual,", 2],
        ["{ \"indicators\": {\n \"agreement\": null } }", "at $.indicators.agreement: null is no value here", 2],
        ["{ \"indicators\": { \"agreement\": {\n \"treshold\": 1 } } }", "at $.indicators.agreement.treshold: there is no such setting", 2],
        ["{ \"indicators\": { \"agreement\": { \"threshold\": 0 } } }", "at $.indicators.agreement.threshold: a number above 0 is expected", 1],
        ["{ \"indicators\": { \"agreement\": { \"threshold\": \"0.1\" } } }", "at $.indicators.agreement.threshold: a number above 0 is expected", 1],
        ["{ \"indicators\": { \"agreement\": { \"severity\": \"error\" } } }", "at $.indicators.agreement.severity: one of", 1],
        ["{ \"indicators\": { \"agreement\": { \"required\": \"yes\" } } }", "at $.indicators.agreement.required: the value is of the wrong kind", 1],
        ["{ \"waivers\": {} }", "at $.waivers: the value is of the wrong kind", 1],
        ["{\n \"waivers\": [null] }", "at $.waivers: null is no value here", 2],
        ["{ \"waivers\": [{ \"indicator\": \"agreement\" }] }", "at $.waivers[0]: 'model', 'reason', 'reviewer', 'expires' is missing", 1],
        [Full.Replace("lattice-residual", "residual", StringComparison.Ordinal), "at $.waivers[0].indicator: the name of an indicator is expected, one of", 10],
        [Full.Replace(Model, Model[1..], StringComparison.Ordinal), "at $.waivers[0].model: the SHA-256 of a model's file is expected", 10],
        [Full.Replace("R. Viewer", " ", StringComparison.Ordinal), "at $.waivers[0].reviewer: a text is expected that is not empty", 10],
        [Full.Replace("2027-03-31", "2027-02-31", StringComparison.Ordinal), "at $.waivers[0].expires: a day is expected, such as", 10],
        [Full.Replace("2027-03-31", "31.3.2027", StringComparison.Ordinal), "at $.waivers[0].expires: a day is expected, such as", 10],
    ];

    /// <summary>Texts that are no JSON, or say something twice.</summary>
    public static IEnumerable<object[]> Malformed =>
    [
        ["", "The input does not contain any JSON tokens", 1],
        ["{\n \"waivers\": [", "Expected depth to be zero at the end of the JSON payload", 2],
        ["{ \"profile\": \"strict\",\n \"profile\": \"default\" }", "at $.profile: it is there twice", 2],
        ["{ \"indicators\": { \"agreement\": {},\n \"agreement\": {} } }", "at $.indicators.agreement: it is there twice", 2],
    ];
}
