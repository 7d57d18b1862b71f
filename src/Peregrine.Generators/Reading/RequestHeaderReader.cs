using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads [McpRequestHeader]: the header that mirrors an argument.</summary>
internal static class RequestHeaderReader
{
    // RFC 9110, section 5.6.2, beside letters and digits.
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>The name that the attribute gives; null where there is no attribute.</summary>
    internal static string? Read(IParameterSymbol parameter) =>
        KnownNames.FindAttribute(parameter, KnownNames.RequestHeader) is { } attribute ? KnownNames.OnlyArgument(attribute)?.Value as string ?? "" : null;

    /// <summary>True where a header can carry the argument: a floating-point number has no one text.</summary>
    internal static bool IsValid(string name, ValueShape? shape) =>
        shape is { Kind: not (ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal) and < ShapeKind.JsonElement } && name.Length > 0 && name.All(IsToken);

    private static bool IsToken(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') || TokenMarks.IndexOf(c) >= 0;
}
