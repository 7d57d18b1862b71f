using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Reading;

/// <summary>Names of types and attributes that mean something to the generator.</summary>
internal static class KnownNames
{
    internal const string ToolsAttribute = "Peregrine.Server.Tools.McpToolsAttribute";
    internal const string ToolAttribute = "Peregrine.Server.Tools.McpToolAttribute";
    internal const string PromptAttribute = "Peregrine.Server.Prompts.McpPromptAttribute";
    internal const string ResourceAttribute = "Peregrine.Server.Resources.McpResourceAttribute";
    internal const string OfficialToolsAttribute = "ModelContextProtocol.Server.McpServerToolTypeAttribute";
    internal const string OfficialPromptsAttribute = "ModelContextProtocol.Server.McpServerPromptTypeAttribute";
    internal const string OfficialResourcesAttribute = "ModelContextProtocol.Server.McpServerResourceTypeAttribute";
    internal const string OfficialToolAttribute = "ModelContextProtocol.Server.McpServerToolAttribute";
    internal const string OfficialPromptAttribute = "ModelContextProtocol.Server.McpServerPromptAttribute";
    internal const string OfficialResourceAttribute = "ModelContextProtocol.Server.McpServerResourceAttribute";
    internal const string Call = "Peregrine.Server.Tools.McpCall";
    internal const string SerializableAttribute = "System.Text.Json.Serialization.JsonSerializableAttribute";
    internal const string OfficialProgress = "ModelContextProtocol.ProgressNotificationValue";
    internal const string Raw = "Peregrine.Server.Content.Utf8Json";
    internal const string Content = "Peregrine.Server.Content.McpContent";
    internal const string Buffer = "Peregrine.Protocol.Buffers.PooledByteWriter";
    internal const string Batch = "Peregrine.Server.Tools.McpBatch";
    internal const string Progress = "Peregrine.Server.Tools.McpProgress";
    internal const string BatchAttribute = "Peregrine.Server.Tools.BatchAttribute";
    internal const string Reconciliation = "Peregrine.Server.Tools.McpReconciliation";
    internal const string RequestHeader = "Peregrine.Server.Tools.McpRequestHeaderAttribute";
    internal const string Description = "System.ComponentModel.DescriptionAttribute";

    internal static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat;

    internal static readonly SymbolDisplayFormat FullNameWithNulls =
        FullName.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat PlainName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The name with namespace, without type arguments. Asked for with each edit, some ten times a tool: for plain types it is put together by hand.</summary>
    internal static string PlainNameOf(ISymbol symbol)
    {
        var isPlain = symbol is INamedTypeSymbol { IsTupleType: false, IsAnonymousType: false, TypeKind: not TypeKind.Error, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T };
        return !isPlain ? symbol.ToDisplayString(PlainName)
            : symbol.ContainingType is { } outer ? $"{PlainNameOf(outer)}.{symbol.Name}"
            : symbol.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{NameOf(space)}.{symbol.Name}"
            : symbol.Name;
    }

    private static string NameOf(INamespaceSymbol space) => space.ContainingNamespace is { IsGlobalNamespace: false } outer ? $"{NameOf(outer)}.{space.Name}" : space.Name;

    /// <summary>True for the symbol with that name, as <see cref="PlainNameOf"/> gives it. Most others differ in the last word, and cost no text.</summary>
    internal static bool IsNamed(ISymbol symbol, string name)
    {
        var last = symbol.Name;
        return name.Length > last.Length && name[name.Length - last.Length - 1] == '.' && name.EndsWith(last, StringComparison.Ordinal) && PlainNameOf(symbol) == name;
    }

    internal static AttributeData? FindAttribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { } type && IsNamed(type, name));

    /// <summary>The attributes that mark classes, those of the official SDK among them.</summary>
    internal static readonly string[] ClassMarks = [ToolsAttribute, OfficialToolsAttribute, OfficialPromptsAttribute, OfficialResourcesAttribute];

    /// <summary>The attribute that marks a class, whosoever it is; null where there is none.</summary>
    internal static string? ClassMarkOf(ITypeSymbol type) => ClassMarks.FirstOrDefault(mark => FindAttribute(type, mark) is not null);

    /// <summary>The attribute that marks a method as a tool, ours or the official SDK's.</summary>
    internal static AttributeData? ToolMarkOf(ISymbol symbol) => FindAttribute(symbol, ToolAttribute) ?? FindAttribute(symbol, OfficialToolAttribute);

    /// <summary>The attribute that marks a method as a tool, prompt or resource, ours or the official SDK's.</summary>
    internal static AttributeData? MarkOf(ISymbol symbol) => ToolMarkOf(symbol)
        ?? FindAttribute(symbol, PromptAttribute) ?? FindAttribute(symbol, OfficialPromptAttribute) ?? FindAttribute(symbol, ResourceAttribute) ?? FindAttribute(symbol, OfficialResourceAttribute);

    internal static string? DescriptionOf(ISymbol symbol) =>
        FindAttribute(symbol, Description) is { } attribute && OnlyArgument(attribute)?.Value is string { Length: > 0 } text ? text : null;

    internal static TypedConstant? OnlyArgument(AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0] : null;

    /// <summary>The value of an attribute's first argument, or null.</summary>
    internal static object? OnlyArgumentOf(AttributeData attribute) =>
        attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Kind != TypedConstantKind.Array ? attribute.ConstructorArguments[0].Value : null;

    internal static object? NamedArgument(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { Kind: not TypedConstantKind.Array } constant ? constant.Value : null;

    /// <summary>The texts of an array; empty where it is not set.</summary>
    internal static IReadOnlyList<string> NamedTexts(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { Kind: TypedConstantKind.Array, IsNull: false } constant
            ? [.. constant.Values.Select(static value => value.Value as string ?? "")]
            : [];
}
