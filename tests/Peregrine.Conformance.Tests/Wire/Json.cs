using System.Text.Json;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>Texts of JSON as values that outlive their document.</summary>
internal static class Json
{
    internal static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
