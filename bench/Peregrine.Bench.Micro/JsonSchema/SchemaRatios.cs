using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Bench.Micro.Ratios;
using Schema = Peregrine.JsonSchema.JsonSchema;

namespace Peregrine.Bench.Micro.JsonSchema;

/// <summary>Validation beside a bare walk of the same bytes: what reading JSON costs anyway. The budgets are 2.5 times the walk for a small instance, 1/0.6 for a large one.</summary>
internal static class SchemaRatios
{
    private const string Order = """
        {"type":"object","properties":{"id":{"type":"integer","minimum":1},"city":{"type":"string","minLength":1,"maxLength":80},"unit":{"enum":["celsius","fahrenheit"]},
        "days":{"type":"integer","minimum":1,"maximum":14},"details":{"type":"boolean"}},"required":["id","city","unit"],"additionalProperties":false}
        """;

    private static readonly byte[] s_small = Encoding.UTF8.GetBytes("""{"id": 12345, "city": "Oslo, Norway", "unit": "celsius", "days": 7, "details": true}""");

    public static IEnumerable<RatioCase> Cases =>
    [
        Case("schema object 90 B", Encoding.UTF8.GetBytes(Order), s_small),
        Case("schema array 100 KB", Encoding.UTF8.GetBytes($$"""{"type":"array","items":{{Order}},"minItems":1}"""), Large(1_150)),
        Case("schema composed 100 KB", Encoding.UTF8.GetBytes(Composed), Large(1_150)),
    ];

    private static string Composed => """
        {"type":"array","items":{"$ref":"#/$defs/order"},"$defs":{"order":{"allOf":[{"$ref":"#/$defs/base"}],"unevaluatedProperties":false},"base":
        """ + Order.Replace(",\"additionalProperties\":false", "", StringComparison.Ordinal) + "}}";

    private static RatioCase Case(string name, byte[] schema, byte[] instance)
    {
        var compiled = Schema.Compile(schema);
        if (!compiled.IsValid(instance))
        {
            throw new InvalidOperationException($"{name}: {compiled.Validate(instance)}");
        }

        // Started when the case is run: it is a process.
        Contestant? ajv = null;
        return new RatioCase(name, instance.Length,
        [
            new Contestant("JsonSchema.IsValid", () => compiled.IsValid(instance) ? 1 : 0),
            new Contestant("Utf8JsonReader walk", () => Walk(instance)),
            new Contestant("JsonSchema.Validate", () => compiled.Validate(instance).IsValid ? 1 : 0),
        ])
        {
            Others = () => (ajv ??= AjvProcess.TryStart(schema, instance)) is { } other ? [other] : [],
        };
    }

    private static int Walk(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    private static byte[] Large(int items) => Encoding.UTF8.GetBytes("[" + string.Join(",", Enumerable.Range(1, items).Select(i => string.Create(CultureInfo.InvariantCulture,
        $$"""{"id":{{i * 37}},"city":"City number {{i}}","unit":"{{(i % 2 == 0 ? "celsius" : "fahrenheit")}}","days":{{(i % 14) + 1}},"details":{{(i % 3 == 0 ? "true" : "false")}}}"""))) + "]");
}
