using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the handler of a prompt or resource.</summary>
internal static class TextMethodEmitter
{
    internal static void Emit(CodeWriter code, JsonCode json, string typeName, TextMethodModel model)
    {
        var (handler, definition, result, member, taken, source) = model.Kind switch
        {
            TextMethodKind.Prompt => ("McpPromptHandler", "McpPromptDefinition", "McpPromptResult", "GetAsync", "McpPromptArguments", "PromptResults.From("),
            TextMethodKind.Resource => ("McpResourceHandler", "McpResourceDefinition", "McpResourceResult", "ReadAsync", "McpResourceRequest", "ResourceResults.From(texts, MimeType, "),
            _ => ("McpResourceTemplateHandler", "McpResourceTemplateDefinition", "McpResourceResult", "ReadAsync", "McpResourceRequest", "ResourceResults.From(texts, MimeType, "),
        };
        code.Open($"file sealed class {model.HandlerName}({(model.IsStatic ? "" : $"ToolInstance<{typeName}> tools")}) : {handler}(PartDefinition)");
        EmitDefinition(code, model, definition);
        if (model.Kind != TextMethodKind.Prompt)
        {
            code.Line("private static string? MimeType => PartDefinition.MimeType;");
            code.Line();
        }

        var target = model.IsStatic ? typeName : "tools.For(call)";
        var arguments = string.Join(", ", model.Parameters.Select(parameter => Argument(json, parameter)));
        code.Open($"public override {(model.IsAwaited ? "async " : "")}ValueTask<{result}> {member}({taken} texts, McpCall call)");
        var call = $"{target}.{model.Method}({arguments})";
        code.Line(model.IsAwaited ? $"return {source}await {call}.ConfigureAwait(false));" : $"return new({source}{call}));");
        code.Close();
        code.Close();
    }

    private static void EmitDefinition(CodeWriter code, TextMethodModel model, string definition)
    {
        code.Open($"private static readonly {definition} PartDefinition = new()");
        code.Line($"Name = {JsonCode.Text(model.Name)},");
        if (model.Kind != TextMethodKind.Prompt)
        {
            code.Line($"{(model.Kind == TextMethodKind.Resource ? "Uri" : "UriTemplate")} = {JsonCode.Text(model.Address)},");
        }

        if (model.Description is not null)
        {
            code.Line($"Description = {JsonCode.Text(model.Description)},");
        }

        foreach (var option in model.Options)
        {
            code.Line($"{option},");
        }

        var arguments = model.Parameters.Where(static parameter => parameter.Source == ParameterSource.Argument).ToArray();
        if (model.Kind == TextMethodKind.Prompt && arguments.Length > 0)
        {
            code.Open("Arguments =", "[");
            foreach (var argument in arguments)
            {
                var description = argument.Description is null ? "" : $", Description = {JsonCode.Text(argument.Description)}";
                code.Line($"new McpPromptArgument {{ Name = {JsonCode.Text(argument.JsonName)}{description}, Required = {(argument.IsOptional ? "false" : "true")} }},");
            }

            code.Close("],");
        }

        code.Close("};");
        code.Line();
    }

    private static string Argument(JsonCode json, ParameterModel parameter)
    {
        switch (parameter.Source)
        {
            case ParameterSource.CancellationToken:
                return "call.CancellationToken";
            case ParameterSource.Call:
                return "call";
            case ParameterSource.Request:
                return "texts";
            case ParameterSource.Service:
                return BinderEmitter.Resolve(parameter.Service!);
        }

        var name = JsonCode.Text(parameter.JsonName);
        var shape = parameter.Shape!;
        var fallback = parameter.DefaultCode ?? (parameter.IsNullable ? $"({shape.TypeName}?)null" : $"ToolTexts.Missing<{shape.TypeName}>({name})");
        var given = "text_" + parameter.Name;
        var text = $"texts[{name}] is {{ }} {given} ? ";
        var read = shape.Kind switch
        {
            ShapeKind.String => given,
            ShapeKind.Enum => $"ToolTexts.ParseEnum<{shape.TypeName}>({name}, {given}, {json.EnumTable(shape)}Names, {json.EnumTable(shape)}Values)",
            ShapeKind.Uri => $"ToolTexts.ParseUri({name}, {given})",
            _ => $"ToolTexts.Parse<{shape.TypeName}>({name}, {given})",
        };
        return text + read + " : " + fallback;
    }
}
