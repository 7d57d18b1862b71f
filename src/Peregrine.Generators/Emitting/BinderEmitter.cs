using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the part of a handler that reads the arguments into locals, one pass over the JSON.</summary>
internal sealed class BinderEmitter
{
    private readonly CodeWriter _code;
    private readonly JsonCode _json;
    private readonly ToolModel _tool;
    private readonly (ParameterModel Model, string Local, string Given)[] _arguments;

    internal BinderEmitter(CodeWriter code, JsonCode json, ToolModel tool)
    {
        _code = code;
        _json = json;
        _tool = tool;
        var locals = new NameScope("call", "arguments", "tools", "running", "result", "json", "error", "ToolArguments", "ToolResults", "CallProgress", "ToolServices", "McpProgress", "ValueTask", "_");
        var arguments = tool.Parameters.Where(static parameter => parameter.Source == ParameterSource.Argument).ToArray();
        _arguments = new (ParameterModel, string, string)[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            _arguments[i] = (arguments[i], ShapeReader.EscapeKeyword(locals.Take(arguments[i].Name)), "");
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            _arguments[i].Given = locals.Take("has" + char.ToUpperInvariant(arguments[i].Name[0]) + arguments[i].Name.Substring(1));
        }
    }

    /// <summary>Writes the statements that read the arguments, and end the call where they are refused.</summary>
    internal void EmitReading()
    {
        _code.Line("var arguments = new ToolArguments(call);");
        if (_arguments.Length == 0)
        {
            _code.Open("if (arguments.Next())");
            _code.Line("arguments.Unexpected();");
            _code.Close();
        }
        else
        {
            EmitLocals();
            EmitLoop();
            var known = JsonCode.Names(_arguments.Select(static argument => argument.Model.JsonName));
            foreach (var (model, _, given) in _arguments.Where(static argument => !argument.Model.IsOptional))
            {
                _code.Line();
                _code.Open($"if (!{given})");
                _code.Line($"arguments.Missing({JsonCode.Text(model.JsonName)}, {known});");
                _code.Close();
            }
        }

        _code.Line();
        _code.Open("if (arguments.Error is { } error)");
        _code.Line("call.RejectArguments(error);");
        _code.Line("return default;");
        _code.Close();
        _code.Line();
    }

    /// <summary>What the method is called with.</summary>
    internal string CallArguments()
    {
        var next = 0;
        return string.Join(", ", _tool.Parameters.Select(parameter => parameter.Source switch
        {
            ParameterSource.CancellationToken => "call.CancellationToken",
            ParameterSource.Service => Resolve(parameter.Service!),
            ParameterSource.Call => "call",
            ParameterSource.Progress => "new CallProgress(call)",
            ParameterSource.OfficialProgress =>
                $"new CallProgress<global::{KnownNames.OfficialProgress}>(call, static (progress, value) => progress.Report(new McpProgress(value.Progress, value.Total, value.Message)))",
            _ => _arguments[next++].Local,
        }));
    }

    /// <summary>The expression that takes a service from those of the call.</summary>
    internal static string Resolve(DependencyModel service)
    {
        var name = JsonCode.Text(service.Name);
        return service switch
        {
            { KeyCode: { } key, Fallback: { } fallback } => $"ToolServices.GetOptionalKeyed<{service.TypeName}>(call, {key}, {fallback})",
            { KeyCode: { } key } => $"ToolServices.GetRequiredKeyed<{service.TypeName}>(call, {key}, {name})",
            { Fallback: { } fallback } => $"ToolServices.GetOptional<{service.TypeName}>(call, {fallback})",
            _ => $"ToolServices.GetRequired<{service.TypeName}>(call, {name})",
        };
    }

    private void EmitLocals()
    {
        foreach (var (model, local, given) in _arguments)
        {
            var shape = model.Shape!;
            var initial = model.DefaultCode ?? (model.IsNullable ? "null" : shape.Kind == ShapeKind.String ? "\"\"" : shape.IsValueType ? "default" : "null!");
            _code.Line($"{shape.TypeName}{(model.IsNullable ? "?" : "")} {local} = {initial};");
            _code.Line($"var {given} = false;");
        }
    }

    private void EmitLoop()
    {
        _code.Line();
        _code.Open("while (arguments.Next())");
        var branch = "if";
        foreach (var (model, local, given) in _arguments)
        {
            var name = JsonCode.Text(model.JsonName);
            var value = _json.Read(model.Shape!, name, model.Bounds, NumberForms.None);
            _code.Open($"{branch} (arguments.Is({name}u8))");
            if (model.IsNullable && !JsonCode.TakesNull(model.Shape!))
            {
                _code.Line($"{local} = arguments.ReadIsNull({name}, ref {given}) ? null : {value};");
            }
            else
            {
                _code.Line($"arguments.Read({name}, ref {given});");
                _code.Line($"{local} = {value};");
            }

            _json.EmitChecks(_code, model.Shape!, model.IsNullable, local, name, model.Bounds);
            _code.Close();
            branch = "else if";
        }

        _code.Open("else");
        _code.Line("arguments.Skip();");
        _code.Close();
        _code.Close();
    }
}
