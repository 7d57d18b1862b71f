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
        ?? throw Unknown(typeof(T), declared);

    /// <summary>What the program declares.</summary>
    /// <exception cref="InvalidOperationException">The context does not know the type.</exception>
    internal static JsonTypeInfo Find(Type type, JsonSerializerContext declared) => declared.GetTypeInfo(type) ?? throw Unknown(type, declared);

    private static InvalidOperationException Unknown(Type type, JsonSerializerContext declared) =>
        new($"{declared.GetType()} does not know {type}; add [JsonSerializable(typeof({type.Name}))] to it.");
}
