using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads the methods that are prompts and resources: what they take are texts, or is read from one.</summary>
internal static class TextMethodReader
{
    private static readonly Regex Expression = new(@"\{[+#./;?&]?([^{}]+)\}", RegexOptions.CultureInvariant);

    internal static AttributeData? PromptMarkOf(ISymbol symbol) => KnownNames.FindAttribute(symbol, KnownNames.PromptAttribute) ?? KnownNames.FindAttribute(symbol, KnownNames.OfficialPromptAttribute);

    internal static AttributeData? ResourceMarkOf(ISymbol symbol) => KnownNames.FindAttribute(symbol, KnownNames.ResourceAttribute) ?? KnownNames.FindAttribute(symbol, KnownNames.OfficialResourceAttribute);

    /// <summary>Reads a method; null, with a diagnostic, where it cannot be generated.</summary>
    internal static TextMethodModel? Read(ToolCandidate candidate, ShapeReader shapes, bool isPrompt, List<DiagnosticModel> diagnostics)
    {
        var method = candidate.Method;
        var attribute = candidate.Attribute;
        var address = isPrompt ? "" : KnownNames.NamedArgument(attribute, "UriTemplate") as string ?? KnownNames.OnlyArgumentOf(attribute) as string ?? "";
        var variables = VariablesOf(address);
        var comments = XmlComments.Of(candidate.Marked, shapes.CancellationToken);
        List<ParameterModel> parameters = [];
        var fault = FaultOf(method, address, isPrompt, shapes);
        foreach (var parameter in method.Parameters)
        {
            if (ReadParameter(parameter, isPrompt ? null : variables, comments, out var partFault) is { } read)
            {
                parameters.Add(read);
            }

            fault ??= partFault;
        }

        if (fault is not null)
        {
            // An analyzer says so where a type of another SDK is to blame.
            if (OfficialTypes.FindIn(method.ReturnType) is null && method.Parameters.All(static parameter => OfficialTypes.FindIn(parameter.Type) is null))
            {
                diagnostics.Add(DiagnosticModel.Create(isPrompt ? Descriptors.InvalidPrompt : Descriptors.InvalidResource, candidate.Location, method.Name, fault));
            }

            return null;
        }

        var kind = isPrompt ? TextMethodKind.Prompt : variables.Length > 0 ? TextMethodKind.ResourceTemplate : TextMethodKind.Resource;
        return new TextMethodModel(
            kind, KnownNames.NamedArgument(attribute, "Name") as string ?? Naming.ToToolName(method.Name), address, ShapeReader.EscapeKeyword(method.Name), method.Name + (isPrompt ? "Prompt" : "Resource"),
            method.IsStatic, KnownNames.DescriptionOf(method) ?? XmlComments.Of(method, shapes.CancellationToken).Summary ?? KnownNames.DescriptionOf(candidate.Marked) ?? comments.Summary,
            new(OptionsOf(attribute)), new(parameters), KnownNames.PlainNameOf(method.ReturnType) is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask");
    }

    private static string? FaultOf(IMethodSymbol method, string address, bool isPrompt, ShapeReader shapes)
    {
        if (method.IsGenericMethod || !shapes.Compilation.IsSymbolAccessibleWithin(method, shapes.Compilation.Assembly))
        {
            return "it is generic, or generated code cannot see it";
        }

        if (!isPrompt && address.Length == 0)
        {
            return "it has no address";
        }

        var type = method.ReturnType;
        var value = KnownNames.PlainNameOf(type) is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" ? ((INamedTypeSymbol)type).TypeArguments.FirstOrDefault() : type;
        var item = value switch
        {
            IArrayTypeSymbol { ElementType.SpecialType: not SpecialType.System_Byte } array => array.ElementType,
            INamedTypeSymbol { TypeArguments.Length: 1 } generic when CollectionReader.IsKnown(generic) || generic.Name == "List" => generic.TypeArguments[0],
            _ => null,
        };
        string[] single = isPrompt
            ? ["string", "Peregrine.Server.Prompts.McpPromptMessage", "Peregrine.Server.Prompts.McpPromptResult", KnownNames.Content]
            : ["string", "byte[]", "Peregrine.Server.Resources.McpResourceContents", "Peregrine.Server.Resources.McpResourceResult"];
        var several = isPrompt ? "Peregrine.Server.Prompts.McpPromptMessage" : "Peregrine.Server.Resources.McpResourceContents";
        return value is not null && (single.Contains(NameOf(value)) || (item is not null && NameOf(item) == several))
            ? null
            : $"it returns '{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'";
    }

    private static string NameOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "string",
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte } => "byte[]",
        _ => KnownNames.PlainNameOf(type),
    };

    private static ParameterModel? ReadParameter(IParameterSymbol parameter, IReadOnlyCollection<string>? variables, XmlComments comments, out string? fault)
    {
        fault = null;
        if (SourceOf(parameter, variables is null) is { } source)
        {
            var service = source == ParameterSource.Service ? ConstructorReader.ReadDependency(parameter) : null;
            return new ParameterModel(parameter.Name, source, "", null, false, false, null, null, null, BoundsModel.None, null, service);
        }

        var name = variables?.FirstOrDefault(variable => string.Equals(variable, parameter.Name, StringComparison.OrdinalIgnoreCase)) ?? parameter.Name;
        if (parameter.RefKind != RefKind.None || ShapeReader.ReadScalar(parameter.Type) is not { Shape.Kind: not ShapeKind.Bytes and < ShapeKind.JsonElement } read)
        {
            fault = $"its parameter '{parameter.Name}' cannot be read from a text";
            return null;
        }

        if (variables is not null && !variables.Contains(name))
        {
            fault = $"its address has no variable '{parameter.Name}'";
            return null;
        }

        var (code, _) = parameter.IsOptional ? DefaultValues.Read(parameter, read.Shape, read.IsNullable) : (null, null);
        return new ParameterModel(
            parameter.Name, ParameterSource.Argument, name, read.Shape, read.IsNullable, parameter.IsOptional || read.IsNullable, code, null,
            KnownNames.DescriptionOf(parameter) ?? comments.Parameter(parameter.Name), BoundsModel.None, null);
    }

    private static ParameterSource? SourceOf(IParameterSymbol parameter, bool isPrompt) => KnownNames.PlainNameOf(parameter.Type) switch
    {
        "System.Threading.CancellationToken" => ParameterSource.CancellationToken,
        KnownNames.Call => ParameterSource.Call,
        "Peregrine.Server.Resources.McpResourceRequest" when !isPrompt => ParameterSource.Request,
        _ => ParameterReader.IsService(parameter) ? ParameterSource.Service : null,
    };

    private static IEnumerable<string> OptionsOf(AttributeData attribute)
    {
        foreach (var text in new[] { "Title", "MimeType" })
        {
            if (KnownNames.NamedArgument(attribute, text) is string value)
            {
                yield return $"{text} = {SymbolDisplay.FormatLiteral(value, quote: true)}";
            }
        }

        if (KnownNames.NamedArgument(attribute, "Blocking") is true)
        {
            yield return "Blocking = true";
        }

        if (KnownNames.NamedArgument(attribute, "TimeToLiveSeconds") is double seconds)
        {
            yield return $"TimeToLive = TimeSpan.FromSeconds({seconds.ToString("R", CultureInfo.InvariantCulture)}d)";
        }
    }

    // RFC 6570: {a}, {+a}, {/a*}, {?a,b:3}.
    private static string[] VariablesOf(string template) =>
        [.. Expression.Matches(template).Cast<Match>().SelectMany(static match => match.Groups[1].Value.Split(',')).Select(static name => name.Split(':')[0].TrimEnd('*').Trim())];
}
