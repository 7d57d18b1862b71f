using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Generators.Tests.Matrix;

namespace Peregrine.Generators.Tests.Shapes;

/// <summary>Values of every shape, with the ends of their ranges.</summary>
internal static class SampleValues
{
    private static readonly Scalars Low = new(
        "", false, sbyte.MinValue, byte.MinValue, short.MinValue, ushort.MinValue, int.MinValue, uint.MinValue, long.MinValue, ulong.MinValue, float.MinValue, double.MinValue, decimal.MinValue, 'a',
        Guid.Empty, DateTime.MinValue, DateTimeOffset.MinValue, DateOnly.MinValue, TimeOnly.MinValue, TimeSpan.MinValue, new Uri("http://a/"), [], Unit.Celsius);

    private static readonly Scalars High = new(
        "a\"b\\\u2028\n🦅ü", true, sbyte.MaxValue, byte.MaxValue, short.MaxValue, ushort.MaxValue, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue, float.MaxValue, double.MaxValue, decimal.MaxValue,
        '"', new Guid("c2f41ed5-6a1c-4f5c-8d5f-0f6f8c1f3d70"), DateTime.MaxValue, DateTimeOffset.MaxValue, DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MaxValue, new Uri("https://example.org/ü?a=b#c"),
        [0, 255, 254], Unit.Kelvin);

    internal static IReadOnlyList<object> All { get; } =
    [
        Low,
        High,
        High with
        {
            I = float.Epsilon,
            J = 0.1 + 0.2,
            K = 1.500m,
            N = new DateTime(2026, 7, 28, 9, 30, 0, 120, DateTimeKind.Utc),
            O = new DateTimeOffset(2026, 7, 28, 9, 30, 0, TimeSpan.FromMinutes(-90)),
            Q = new TimeOnly(9, 30, 0, 120),
            R = new TimeSpan(1, 2, 3, 4, 500),
            U = Unit.@default,
        },
        new Nullables(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        new Nullables("", true, 1, 2, 3, 4, 5, 6, 7, 8, 9.5f, 10.25, 11.125m, 'l', High.M, High.N, High.O, High.P, High.Q, High.R, High.S, High.T, High.U, new Point { X = 1, Y = 2 }, new Optional("x"), [1, 2]),
        new Optional("needed"),
        new Optional("needed", -1, "text", Unit.Celsius, 1e300),
        new Settable { Id = "id", Place = 3, Must = true },
        new Settable { Id = "", Place = 0, Must = false, Name = null, Count = 0, Tags = [], Kind = "other", @class = "c" },
        new Point { X = 1, Y = -1 },
        new Pair("key", 0.5),
        new Mutable(1, null),
        new Mutable(1, 2),
        new Child { Upper = "u", Lower = "l", Shared = 9 },
        new Attributed("chosen") { WhenNull = "there", WhenDefault = 3, OnlyRead = 5, OnlyWritten = 6, Quoted = -7, Named = double.NaN, First = 1, Included = 2, Field = 3, WriteOnly = 4 },
        new Attributed("chosen") { Named = double.NegativeInfinity, Quoted = long.MaxValue },
        new Strict(1),
        new Collections([], [], [], [], [], [], [], [], new HashSet<int>(), [], [], [], [], new Dictionary<string, Point>(), new Dictionary<string, List<int?>>(), [], [], [], [], []),
        new Collections(
            [1, 2], ["a"], [3], [true, false], [4L], [Unit.Kelvin], [new Pair("k", 1)], ["s"], new HashSet<int> { 1, 2 }, [2, 1], [7], [8], new() { ["a\"b"] = 1, [""] = 2 },
            new Dictionary<string, Point> { ["p"] = new() { X = 1 } }, new Dictionary<string, List<int?>> { ["l"] = [1, null] }, new() { ["x"] = "y", ["n"] = null }, [[1], [], [2, 3]],
            [new() { ["d"] = [true] }], ["a", null], [DayOfWeek.Friday]),
        new Node("root", new Node("next", null, []), [new Node("a", null, [new Node("b", null, [])])]),
        new Page<Pair>([new Pair("a", 1)], 1) { Best = new Pair("b", 2) },
        new Figures(
            [new Circle("c", 1), new Square("s", 2), new RoundSquare("r", 3, 0.5)], new Circle("one", 2), new Dog { Name = "d", Friend = new Animal { Name = "a" } }, new Loud { Volume = 1, Echo = 2 }),
        new Figures([], null, new Animal { Name = "a" }, new Plain { Volume = 1 }),
        new Json(JsonSerializer.SerializeToElement(new { A = new[] { 1, 2 } }), JsonNode.Parse("[1,\"x\",null]"), new JsonObject { ["a"] = 1 }, [1, "b", null]),
        new Json(JsonSerializer.SerializeToElement(1.5), null, [], []),
        new Bill("title", new Money(12.50m, "EUR"), [new Money(1, "USD")], new Version(1, 2, 3)),
    ];
}
