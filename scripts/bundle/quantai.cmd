@echo off
rem quantai of this folder; see start.mjs.
if "%~1"=="" (node "%~dp0start.mjs" --help) else (node "%~dp0start.mjs" %*)
