using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peregrine.Generators.Tests.Matrix;

namespace Peregrine.Generators.Tests.Shapes;

// One type for each shape that generated code reads and writes.
public sealed record Scalars(
    string Text, bool Yes, sbyte A, byte B, short C, ushort D, int E, uint F, long G, ulong H, float I, double J, decimal K, char L, Guid M, DateTime N, DateTimeOffset O, DateOnly P, TimeOnly Q,
    TimeSpan R, Uri S, byte[] T, Unit U);

public sealed record Nullables(
    string? Text, bool? Yes, sbyte? A, byte? B, short? C, ushort? D, int? E, uint? F, long? G, ulong? H, float? I, double? J, decimal? K, char? L, Guid? M, DateTime? N, DateTimeOffset? O, DateOnly? P,
    TimeOnly? Q, TimeSpan? R, Uri? S, byte[]? T, Unit? U, Point? V, Optional? W, int[]? X);

public sealed record Optional(string Needed, int Number = 5, string? Text = null, Unit Unit = Unit.Kelvin, double Ratio = 0.25);

public sealed class Settable
{
    public string? Name { get; set; } = "kept";

    public int Count { get; set; } = 7;

    public List<string> Tags { get; set; } = ["kept"];

    public string Kind { get; init; } = "kept too";

    public required string Id { get; init; }

    public required int Place { get; set; }

    [JsonRequired]
    public bool Must { get; set; }

    public int Length => Id.Length;

    public string @class { get; set; } = "keyword";

    internal string Hidden { get; set; } = "hidden";
}

public struct Point
{
    public int X { get; set; }

    public int Y { get; init; }
}

public readonly record struct Pair(string Key, double Value);

public record struct Mutable(int Left, int? Right);

public class Parent
{
    public string Upper { get; set; } = "";

    public virtual int Shared { get; init; } = 1;
}

public sealed class Child : Parent
{
    public string Lower { get; set; } = "";

    public override int Shared { get; init; } = 2;
}

public sealed class Attributed
{
    [JsonConstructor]
    public Attributed(string chosen) => Chosen = chosen;

    public Attributed()
        : this("other")
    {
    }

    [JsonPropertyName("the \"chosen\" ü")]
    public string Chosen { get; }

    [JsonIgnore]
    public string Never { get; set; } = "never";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WhenNull { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int WhenDefault { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public int OnlyRead { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenReading)]
    public int OnlyWritten { get; set; } = 4;

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)]
    public long Quoted { get; set; }

    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double Named { get; set; }

    [JsonPropertyOrder(-1)]
    public int First { get; set; }

    [JsonInclude]
    internal int Included { get; set; }

#pragma warning disable CA1051 // A field is one of the shapes.
    [JsonInclude]
    public int Field;
#pragma warning restore CA1051

    public int WriteOnly { internal get; set; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Strict(int Known);

public sealed record Collections(
    int[] Array, List<string> List, IList<int> IList, ICollection<bool> ICollection, IEnumerable<long> IEnumerable, IReadOnlyList<Unit> IReadOnlyList, IReadOnlyCollection<Pair> IReadOnlyCollection,
    HashSet<string> HashSet, ISet<int> ISet, SortedSet<int> SortedSet, ImmutableArray<int> ImmutableArray, ImmutableList<int> ImmutableList,
    Dictionary<string, int> Dictionary, IDictionary<string, Point> IDictionary, IReadOnlyDictionary<string, List<int?>> IReadOnlyDictionary, SortedDictionary<string, string?> SortedDictionary,
    int[][] Jagged, List<Dictionary<string, bool[]>> Deep, string?[] Holes, DayOfWeek[] Days);

public sealed record Node(string Name, Node? Next, List<Node> Children);

public sealed record Page<T>(IReadOnlyList<T> Items, int Total)
{
    public T? Best { get; set; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(RoundSquare), "round")]
[JsonDerivedType(typeof(Square), "square")]
public abstract record Figure(string Name);

public sealed record Circle(string Name, double Radius) : Figure(Name);

public record Square(string Name, double Side) : Figure(Name);

public sealed record RoundSquare(string Name, double Side, double Corner) : Square(Name, Side);

[JsonDerivedType(typeof(Animal), 0)]
[JsonDerivedType(typeof(Dog), 1)]
public class Animal
{
    public string Name { get; set; } = "";
}

public sealed class Dog : Animal
{
    public Animal? Friend { get; set; }
}

[JsonDerivedType(typeof(Loud), "loud")]
public class Plain
{
    public int Volume { get; set; }
}

public sealed class Loud : Plain
{
    public int Echo { get; set; }
}

public sealed record Figures(Figure[] All, Figure? One, Animal Animal, Plain Plain);

public sealed record Json(JsonElement Element, JsonNode? Node, JsonObject Object, JsonArray Array);

/// <summary>What only a converter of its own can read and write.</summary>
[JsonConverter(typeof(MoneyConverter))]
public readonly record struct Money(decimal Amount, string Currency);

public sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = reader.TokenType == JsonTokenType.String ? reader.GetString()!.Split(' ') : [];
        return parts.Length == 2 && decimal.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var amount)
            ? new Money(amount, parts[1])
            : throw new JsonException("Money is an amount, a blank and a currency.");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Amount} {value.Currency}"));
}

public sealed record Bill(string Title, Money Sum, List<Money> Parts, Version? Version);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Money))]
[JsonSerializable(typeof(Version))]
internal sealed partial class ModelsContext : JsonSerializerContext;
