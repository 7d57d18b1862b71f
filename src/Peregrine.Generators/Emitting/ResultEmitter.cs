using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the part of a handler that calls the method and returns what that returned.</summary>
internal static class ResultEmitter
{
    /// <summary>The JSON Schema of the structured content, in C#; null where there is none.</summary>
    internal static string? Schema(ReturnModel result, JsonCode json) => result switch
    {
        { Result: ResultKind.Json, Shape: { } shape } => SchemaEmitter.Result(shape, result.IsNullable, FormOf(result, json), json),
        { Result: ResultKind.Stream, Shape: { Kind: ShapeKind.Composite } item } => SchemaEmitter.Items(item, result.IsNullable, json),
        _ => null,
    };

    /// <summary>Writes the call, and what becomes of its result where that is there at once.</summary>
    internal static void EmitCall(CodeWriter code, JsonCode json, ReturnModel result, string call)
    {
        switch (result)
        {
            case { Result: ResultKind.None, Kind: ReturnKind.Direct }:
                code.Line($"{call};");
                code.Line("return default;");
                break;
            case { Result: ResultKind.None, Kind: ReturnKind.Task }:
                code.Line($"return new ValueTask({call});");
                break;
            case { Result: ResultKind.None }:
                code.Line($"return {call};");
                break;
            case { Result: ResultKind.Stream, Kind: ReturnKind.Direct }:
                code.Line($"return {Streaming(result, json, call)};");
                break;
            case { Result: ResultKind.Stream }:
                code.Line($"return FinishAsync(call, {call});");
                break;
            case { Kind: ReturnKind.Direct }:
                EmitReturning(code, json, result, call);
                code.Line("return default;");
                break;
            default:
                code.Line($"var running = {call};");
                code.Open("if (!running.IsCompletedSuccessfully)");
                code.Line("return FinishAsync(call, running);");
                code.Close();
                code.Line();
                EmitReturning(code, json, result, "running.Result");
                code.Line("return default;");
                break;
        }
    }

    /// <summary>Writes the method that waits for a result, where one may have to be waited for.</summary>
    internal static void EmitFinish(CodeWriter code, JsonCode json, ReturnModel result)
    {
        if (result.Result == ResultKind.None || result.Kind == ReturnKind.Direct)
        {
            return;
        }

        code.Line();
        code.Open($"private static async ValueTask FinishAsync(McpCall call, {result.TypeName} running)");
        if (result.Result == ResultKind.Stream)
        {
            code.Line($"await {Streaming(result, json, "await running.ConfigureAwait(false)")}.ConfigureAwait(false);");
        }
        else
        {
            EmitReturning(code, json, result, "await running.ConfigureAwait(false)");
        }

        code.Close();
    }

    private static ResultForm FormOf(ReturnModel result, JsonCode json) => json.Of(result.Shape) switch
    {
        null or { CannotWrite: not null } => ResultForm.Any,
        { Kind: CompositeKind.Object or CompositeKind.Dictionary } when !result.IsNullable => ResultForm.Object,
        _ => ResultForm.Wrapped,
    };

    private static void EmitReturning(CodeWriter code, JsonCode json, ReturnModel result, string value)
    {
        var shape = result.Shape;
        switch (result.Result)
        {
            case ResultKind.Json:
                EmitJson(code, json, result, value);
                break;
            case ResultKind.Text when shape!.Kind == ShapeKind.Enum:
                var table = json.EnumTable(shape);
                code.Line($"ToolResults.Return<{shape.TypeName}>(call, {value}, {table}Names, {table}Values);");
                break;
            case ResultKind.Text when shape!.Kind == ShapeKind.String && !result.IsNullable:
                code.Line($"call.ReturnText({value});");
                break;
            case ResultKind.Text when shape!.Kind is (>= ShapeKind.Boolean and <= ShapeKind.Decimal) or ShapeKind.Guid or ShapeKind.TimeSpan && !result.IsNullable:
                code.Line($"call.ReturnValue({value});");
                break;
            default:
                code.Line($"ToolResults.Return(call, {value});");
                break;
        }
    }

    private static void EmitJson(CodeWriter code, JsonCode json, ReturnModel result, string value)
    {
        var form = FormOf(result, json);
        var type = result.Shape!.TypeName;
        code.Line($"{type}{(result.IsNullable || !result.Shape.IsValueType ? "?" : "")} result = {value};");
        var returning = $"ToolResults.ReturnJson<{type}>(call, {{0}}, {Writer(json, result.Shape, type)}, ToolResultForm.{form});";
        if (!result.IsNullable && result.Shape.IsValueType)
        {
            code.Line(returning.Replace("{0}", "result"));
            return;
        }

        code.Open("if (result is { } present)");
        code.Line(returning.Replace("{0}", "present"));
        code.Close();
        code.Open("else");
        code.Line(form == ResultForm.Wrapped ? "ToolResults.ReturnNull(call);" : "call.ReturnNothing();");
        code.Close();
    }

    private static string Streaming(ReturnModel result, JsonCode json, string items)
    {
        if (result.Shape is not { } shape)
        {
            return $"ToolResults.ReturnStreamAsync(call, {items})";
        }

        var type = shape.TypeName + (result.IsNullable ? "?" : "");
        var form = shape.Kind switch
        {
            ShapeKind.Composite => "Structured",
            ShapeKind.Boolean or (>= ShapeKind.SByte and <= ShapeKind.Decimal) or ShapeKind.JsonElement or ShapeKind.JsonNode or ShapeKind.JsonObject or ShapeKind.JsonArray or ShapeKind.Raw => "Value",
            _ => "Text",
        };
        return $"ToolResults.ReturnStreamAsync<{type}>(call, {items}, {Writer(json, shape, type, result.IsNullable)}, ToolStreamForm.{form})";
    }

    private static string Writer(JsonCode json, ValueShape shape, string type, bool isNullable = false)
    {
        var body = new CodeWriter();
        json.EmitWrite(body, shape, isNullable, "value", "present", NumberForms.None);
        var statements = string.Join(" ", body.ToString().Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));
        return $"static (ToolJson json, {type} value) => {{ {statements} }}";
    }
}
