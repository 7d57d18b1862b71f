using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Peregrine.Server.Binding;

/// <summary>Finds how System.Text.Json reads and writes a type. No state.</summary>
internal static class JsonTypes
{
    /// <summary>What the server was given, else what the program declares.</summary>
    /// <exception cref="InvalidOperationException">Neither knows the type.</exception>
    internal static JsonTypeInfo<T> Find<T>(JsonSerializerContext? given, JsonSerializerContext declared) =>
        (given?.GetTypeInfo(typeof(T)) ?? declared.GetTypeInfo(typeof(T))) as JsonTypeInfo<T>
        ?? throw new InvalidOperationException($"{declared.GetType()} does not know {typeof(T)}; add [JsonSerializable(typeof({typeof(T).Name}))] to it.");
}
