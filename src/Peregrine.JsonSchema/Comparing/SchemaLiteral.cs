using System.Text;
using System.Text.Json;
using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>A value: a token of a text.</summary>
internal readonly record struct SchemaLiteral(SchemaDocument Document, int Token)
{
    private static readonly SchemaDocument s_constants = SchemaDocument.Read("[null,true,false]"u8, "", JsonSchemaOptions.Default);

    public static IReadOnlyList<SchemaLiteral> Null { get; } = [new(s_constants, 1)];

    public static IReadOnlyList<SchemaLiteral> Booleans { get; } = [new(s_constants, 2), new(s_constants, 3)];

    public ValueKinds Kind => ValueKindReader.Of(Document.Text, Token);

    /// <summary>Whether it is a list of objects and arrays, which are looked at one by one.</summary>
    public bool IsListOfContainers => Items().TrueForAll(static item => item.Kind is ValueKinds.Object or ValueKinds.Array or ValueKinds.Boolean);

    /// <summary>A string as a value.</summary>
    public static SchemaLiteral Of(string text) => new(SchemaDocument.Read([(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'], "", JsonSchemaOptions.Default), 0);

    /// <summary>The text of a string.</summary>
    public string ToText() => JsonStrings.ToText(Document.Text.Raw(Token), Document.Text.Tokens[Token].Escaped);

    /// <summary>The members of an object in their order; of those with one name the last.</summary>
    public Dictionary<string, SchemaLiteral> Members()
    {
        Dictionary<string, SchemaLiteral> members = new(StringComparer.Ordinal);
        var text = Document.Text;
        for (var name = Token + 1; name < text.Tokens[Token].Next; name = text.Tokens[name + 1].Next)
        {
            members[JsonStrings.ToText(text.Raw(name), text.Tokens[name].Escaped)] = new(Document, name + 1);
        }

        return members;
    }

    /// <summary>The items of an array.</summary>
    public List<SchemaLiteral> Items()
    {
        List<SchemaLiteral> items = [];
        var text = Document.Text;
        for (var item = Token + 1; item < text.Tokens[Token].Next; item = text.Tokens[item].Next)
        {
            items.Add(new(Document, item));
        }

        return items;
    }

    /// <summary>The value as JSON without white space.</summary>
    public string ToJson()
    {
        var json = new StringBuilder();
        Append(json);
        return json.ToString();
    }

    private void Append(StringBuilder json)
    {
        var text = Document.Text;
        switch (Kind)
        {
            case ValueKinds.Object:
                json.Append('{');
                for (var name = Token + 1; name < text.Tokens[Token].Next; name = text.Tokens[name + 1].Next)
                {
                    json.Append(name == Token + 1 ? "\"" : ",\"").Append(Encoding.UTF8.GetString(text.Raw(name))).Append("\":");
                    new SchemaLiteral(Document, name + 1).Append(json);
                }

                json.Append('}');
                break;
            case ValueKinds.Array:
                json.Append('[');
                for (var item = Token + 1; item < text.Tokens[Token].Next; item = text.Tokens[item].Next)
                {
                    json.Append(item == Token + 1 ? "" : ",");
                    new SchemaLiteral(Document, item).Append(json);
                }

                json.Append(']');
                break;
            case ValueKinds.String:
                json.Append('"').Append(Encoding.UTF8.GetString(text.Raw(Token))).Append('"');
                break;
            default:
                json.Append(Encoding.UTF8.GetString(text.Raw(Token)));
                break;
        }
    }
}
