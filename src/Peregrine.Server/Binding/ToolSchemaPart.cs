using System.Text.Json.Serialization;

namespace Peregrine.Server.Binding;

/// <summary>A type that only System.Text.Json knows, within the schema of a generated tool. For generated code.</summary>
/// <param name="Key">Its name in the schema.</param>
/// <param name="Type">The type.</param>
/// <param name="Declared">The context that declares it.</param>
public readonly record struct ToolSchemaPart(string Key, Type Type, JsonSerializerContext Declared);
