using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads the attributes of System.Text.Json.</summary>
internal static class JsonNames
{
    private const string Serialization = "System.Text.Json.Serialization.";

    internal static AttributeData? Find(ISymbol symbol, string name) => KnownNames.FindAttribute(symbol, Serialization + name);

    /// <summary>The name that [JsonPropertyName] gives, else the one that web defaults give.</summary>
    internal static string Of(ISymbol property) =>
        Find(property, "JsonPropertyNameAttribute") is { } named && KnownNames.OnlyArgument(named)?.Value is string name ? name : Naming.ToArgumentName(property.Name);

    /// <summary>What [JsonIgnore] says; null where the property is left out altogether.</summary>
    internal static (IgnoreCondition Condition, bool IsRead, bool IsWritten)? Ignored(ISymbol property)
    {
        if (Find(property, "JsonIgnoreAttribute") is not { } attribute)
        {
            return (IgnoreCondition.Never, true, true);
        }

        return (KnownNames.NamedArgument(attribute, "Condition") as int? ?? 1) switch
        {
            0 => (IgnoreCondition.Never, true, true),
            2 => (IgnoreCondition.WhenDefault, true, true),
            3 => (IgnoreCondition.WhenNull, true, true),
            4 => (IgnoreCondition.Never, true, false),
            5 => (IgnoreCondition.Never, false, true),
            _ => null,
        };
    }

    /// <summary>How numbers may be written: by the member's attribute, else by that of its type.</summary>
    internal static NumberForms Numbers(ISymbol member, ITypeSymbol owner) =>
        (Find(member, "JsonNumberHandlingAttribute") ?? Find(owner, "JsonNumberHandlingAttribute")) is { } attribute && KnownNames.OnlyArgument(attribute)?.Value is int forms
            ? (NumberForms)forms
            : NumberForms.None;

    /// <summary>True where a converter of the program's own has a say. That for enumerations by name says what holds anyway.</summary>
    internal static bool HasConverter(ISymbol symbol)
    {
        if (Find(symbol, "JsonConverterAttribute") is not { } attribute)
        {
            // A converter may also be an attribute of its own, derived from that one.
            return symbol.GetAttributes().Any(static found => found.AttributeClass?.BaseType is { } parent && KnownNames.PlainNameOf(parent) == Serialization + "JsonConverterAttribute");
        }

        return KnownNames.OnlyArgument(attribute)?.Value is not INamedTypeSymbol converter || KnownNames.PlainNameOf(converter) != Serialization + "JsonStringEnumConverter";
    }
}
