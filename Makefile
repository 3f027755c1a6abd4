# Every target is one command of the Python package dev/; `make help` lists them.
PYTHON ?= /usr/bin/python3
DEV = $(PYTHON) -m dev
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help run test test-all lint fix pot shell clean mail sms screenshots bench corpus seed package
.NOTPARALLEL:

help run shell clean pot lint fix screenshots bench corpus seed package test test-all:
	@$(DEV) $@ $(if $(PORT),"PORT=$(PORT)") $(if $(T),"T=$(T)") $(if $(K),"K=$(K)") $(if $(SIZES),"SIZES=$(SIZES)") $(if $(N),"N=$(N)")

mail: export MAIL_FROM = $(value FROM)
mail: export MAIL_TO = $(value TO)
mail: export MAIL_SUBJECT = $(value SUBJECT)
mail: export MAIL_BODY = $(value BODY)
mail: export MAIL_FILE = $(value FILE)
mail:
	@$(DEV) mail

sms: export SMS_FROM = $(value FROM)
sms: export SMS_TO = $(value TO)
sms: export SMS_TEXT = $(value TEXT)
sms:
	@$(DEV) sms
